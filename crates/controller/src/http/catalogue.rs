//! The one list of everything that can go wrong on the wire: code, status and texts.

use actix_web::http::StatusCode;

use super::language::Language;

/// Writes the enum, its texts and the list of all codes from one table, so that none can be forgotten.
macro_rules! catalogue {
    ($($variant:ident $code:literal $status:ident
        $en_title:literal $en_detail:literal
        $ko_title:literal $ko_detail:literal;)*) => {
        /// A stable, machine-readable reason for a refusal. Clients branch on its text, people read the title and detail.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $en_detail] $variant,)*
        }

        impl Code {
            /// Every code there is, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The text that stands for it on the wire; never translated, never changed.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The status that it is answered with unless a contract says otherwise.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)* }
            }

            /// A short summary, the same for every occurrence.
            #[must_use]
            pub fn title(self, language: Language) -> &'static str {
                match self { $(Self::$variant => language.choose($en_title, $ko_title),)* }
            }

            /// What happened and what to do about it, when the occurrence has no better words of its own.
            #[must_use]
            pub fn detail(self, language: Language) -> &'static str {
                match self { $(Self::$variant => language.choose($en_detail, $ko_detail),)* }
            }
        }
    };
}

catalogue! {
    BadRequest "bad_request" BAD_REQUEST
        "Bad request" "The request could not be understood."
        "잘못된 요청" "요청을 이해할 수 없습니다.";
    UnreadableBody "unreadable_body" BAD_REQUEST
        "Unreadable body" "The body could not be read."
        "읽을 수 없는 본문" "본문을 읽을 수 없습니다.";
    InvalidRequest "invalid_request" UNPROCESSABLE_ENTITY
        "Invalid request" "One or more fields are invalid; see errors."
        "유효하지 않은 요청" "하나 이상의 항목이 올바르지 않습니다. errors를 확인하세요.";
    InvalidCursor "invalid_cursor" UNPROCESSABLE_ENTITY
        "Invalid cursor" "The cursor is not one that this list handed out."
        "유효하지 않은 커서" "이 목록에서 발급한 커서가 아닙니다.";
    Unauthenticated "unauthenticated" UNAUTHORIZED
        "Not signed in" "Sign in to use this."
        "로그인 필요" "로그인이 필요합니다.";
    InvalidToken "invalid_token" UNAUTHORIZED
        "Invalid token" "The token is malformed, expired or revoked. Sign in again."
        "유효하지 않은 토큰" "토큰이 잘못되었거나 만료되었습니다. 다시 로그인하세요.";
    InvalidCredentials "invalid_credentials" UNAUTHORIZED
        "Invalid credentials" "The account and the password do not match."
        "로그인 실패" "계정 또는 비밀번호가 일치하지 않습니다.";
    ConfirmationRequired "confirmation_required" FORBIDDEN
        "Confirmation required" "Confirm with the password, or sign in again and retry within 5 minutes."
        "확인 필요" "비밀번호로 확인하거나 다시 로그인한 뒤 5분 안에 시도하세요.";
    Forbidden "forbidden" FORBIDDEN
        "Forbidden" "You are not allowed to do this."
        "권한 없음" "이 작업을 수행할 권한이 없습니다.";
    Csrf "csrf" FORBIDDEN
        "Cross-site request refused" "The request came from another site."
        "교차 사이트 요청 거부" "다른 사이트에서 보낸 요청입니다.";
    NotFound "not_found" NOT_FOUND
        "Not found" "There is nothing at this address."
        "찾을 수 없음" "해당 주소에 아무것도 없습니다.";
    UserNotFound "user_not_found" NOT_FOUND
        "User not found" "There is no such user."
        "사용자를 찾을 수 없음" "존재하지 않는 사용자입니다.";
    SessionNotFound "session_not_found" NOT_FOUND
        "Session not found" "There is no such session."
        "세션을 찾을 수 없음" "존재하지 않는 세션입니다.";
    ProductNotFound "product_not_found" NOT_FOUND
        "Product not found" "There is no such product."
        "상품을 찾을 수 없음" "존재하지 않는 상품입니다.";
    OutfitNotFound "outfit_not_found" NOT_FOUND
        "Outfit not found" "There is no such outfit."
        "코디를 찾을 수 없음" "존재하지 않는 코디입니다.";
    LabelNotFound "label_not_found" NOT_FOUND
        "Label not found" "There is no such tag or brand."
        "라벨을 찾을 수 없음" "존재하지 않는 태그 또는 브랜드입니다.";
    PersonaNotFound "persona_not_found" NOT_FOUND
        "Persona not found" "There is no such persona."
        "페르소나를 찾을 수 없음" "존재하지 않는 페르소나입니다.";
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED
        "Method not allowed" "This address exists, but not for this method; see Allow."
        "허용되지 않는 메서드" "이 주소에서 지원하지 않는 메서드입니다. Allow 헤더를 확인하세요.";
    NotAcceptable "not_acceptable" NOT_ACCEPTABLE
        "Not acceptable" "There is no representation that the Accept header allows."
        "제공할 수 없는 형식" "Accept 헤더가 허용하는 표현이 없습니다.";
    RequestTimeout "request_timeout" REQUEST_TIMEOUT
        "Request timeout" "The request did not arrive in time."
        "요청 시간 초과" "요청이 제시간에 도착하지 않았습니다.";
    UserAlreadyExists "user_already_exists" CONFLICT
        "User already exists" "There is an account with this identifier."
        "이미 존재하는 사용자" "이미 사용 중인 계정 정보입니다.";
    NameTaken "name_taken" CONFLICT
        "Name taken" "Somebody else has this name."
        "이미 사용 중인 이름" "다른 사용자가 사용 중인 이름입니다.";
    Conflict "conflict" CONFLICT
        "Conflict" "The request conflicts with the present state. Read it again and retry."
        "충돌" "현재 상태와 충돌합니다. 다시 조회한 뒤 시도하세요.";
    Gone "gone" GONE
        "Gone" "This no longer exists."
        "더 이상 없음" "더 이상 존재하지 않습니다.";
    PreconditionFailed "precondition_failed" PRECONDITION_FAILED
        "Precondition failed" "It was changed since you read it. Read it again and retry."
        "전제 조건 불일치" "조회한 뒤에 변경되었습니다. 다시 조회한 뒤 시도하세요.";
    PayloadTooLarge "payload_too_large" PAYLOAD_TOO_LARGE
        "Payload too large" "The body is larger than this address takes."
        "너무 큰 본문" "본문이 허용된 크기를 넘었습니다.";
    UriTooLong "uri_too_long" URI_TOO_LONG
        "Address too long" "The address is longer than the service takes."
        "너무 긴 주소" "주소가 허용된 길이를 넘었습니다.";
    UnsupportedMediaType "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE
        "Unsupported media type" "The Content-Type or Content-Encoding is missing or not one that this address takes."
        "지원하지 않는 형식" "Content-Type 또는 Content-Encoding이 없거나 지원하지 않는 형식입니다.";
    RangeNotSatisfiable "range_not_satisfiable" RANGE_NOT_SATISFIABLE
        "Range not satisfiable" "The requested range lies outside of the content."
        "제공할 수 없는 범위" "요청한 범위가 내용을 벗어났습니다.";
    TooManyRequests "too_many_requests" TOO_MANY_REQUESTS
        "Too many requests" "Slow down and retry after the time in Retry-After."
        "너무 많은 요청" "잠시 후 Retry-After에 표시된 시간이 지나면 다시 시도하세요.";
    Internal "internal" INTERNAL_SERVER_ERROR
        "Internal error" "Something went wrong on our side. Mention the request id if you report it."
        "내부 오류" "서버에 문제가 발생했습니다. 문의할 때 요청 번호를 알려 주세요.";
    UpstreamFailed "upstream_failed" BAD_GATEWAY
        "Upstream failure" "A service that we depend on gave no usable answer."
        "외부 서비스 오류" "연동된 외부 서비스가 올바르게 응답하지 않았습니다.";
    Unavailable "unavailable" SERVICE_UNAVAILABLE
        "Unavailable" "The service cannot do this at the moment. Retry later."
        "이용할 수 없음" "지금은 처리할 수 없습니다. 잠시 후 다시 시도하세요.";
    Overloaded "overloaded" SERVICE_UNAVAILABLE
        "Overloaded" "The service is too busy at the moment. Retry later."
        "과부하" "요청이 몰려 지금은 처리할 수 없습니다. 잠시 후 다시 시도하세요.";
    ProviderNotConfigured "provider_not_configured" SERVICE_UNAVAILABLE
        "Provider not configured" "This provider is not configured on this server."
        "설정되지 않은 제공자" "이 서버에 설정되지 않은 제공자입니다.";
    UpstreamTimeout "upstream_timeout" GATEWAY_TIMEOUT
        "Upstream timeout" "A service that we depend on did not answer in time."
        "외부 서비스 시간 초과" "연동된 외부 서비스가 제시간에 응답하지 않았습니다.";
}

impl Code {
    /// The problem's `type`. A URN, because it has to stay the same wherever the service is installed.
    #[must_use]
    pub fn type_uri(self) -> String {
        format!("urn:ensemble:problem:{}", self.as_str())
    }

    /// The general code for a status that came from somewhere without a code of its own.
    #[must_use]
    pub fn for_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Unauthenticated,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            405 => Self::MethodNotAllowed,
            406 => Self::NotAcceptable,
            408 => Self::RequestTimeout,
            409 => Self::Conflict,
            410 => Self::Gone,
            412 => Self::PreconditionFailed,
            413 => Self::PayloadTooLarge,
            414 => Self::UriTooLong,
            415 => Self::UnsupportedMediaType,
            416 => Self::RangeNotSatisfiable,
            422 => Self::InvalidRequest,
            429 => Self::TooManyRequests,
            502 => Self::UpstreamFailed,
            503 => Self::Unavailable,
            504 => Self::UpstreamTimeout,
            500..=599 => Self::Internal,
            _ => Self::BadRequest,
        }
    }
}
