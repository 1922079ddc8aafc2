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
    OauthState "oauth_state" BAD_REQUEST
        "Sign-in interrupted" "This sign-in was not begun in this browser, or took too long. Begin again."
        "로그인 중단" "이 브라우저에서 시작하지 않았거나 시간이 지난 로그인입니다. 다시 시작하세요.";
    OauthToken "oauth_token" UNAUTHORIZED
        "Refused by the provider" "The provider did not confirm this sign-in, or not for this app."
        "제공자 인증 실패" "제공자가 이 앱에 대한 로그인을 확인하지 않았습니다.";
    OauthUserinfo "oauth_userinfo" BAD_GATEWAY
        "No profile" "The provider did not say who signed in."
        "프로필 조회 실패" "제공자로부터 사용자 정보를 받지 못했습니다.";
    KakaoNotLinked "kakao_not_linked" BAD_REQUEST
        "No Kakao account" "No Kakao account is linked to this account."
        "카카오 미연결" "이 계정에 연결된 카카오 계정이 없습니다.";
    IdentityNotFound "identity_not_found" NOT_FOUND
        "Not linked" "No account of this provider is linked."
        "연결되지 않음" "연결된 해당 제공자 계정이 없습니다.";
    IdentityTaken "identity_taken" CONFLICT
        "Linked elsewhere" "It is linked to another account here. Sign in with it to get there."
        "다른 계정에 연결됨" "이미 다른 계정에 연결되어 있습니다. 해당 계정으로 로그인하세요.";
    ProviderAlreadyLinked "provider_already_linked" CONFLICT
        "Already linked" "Another account of this provider is linked. Unlink it first."
        "이미 연결됨" "이 제공자의 다른 계정이 연결되어 있습니다. 먼저 연결을 해제하세요.";
    LastWayIn "last_way_in" CONFLICT
        "Last way in" "Without it nobody could sign in to this account. Link another one or set a password first."
        "마지막 로그인 수단" "마지막 로그인 수단은 해제할 수 없습니다. 다른 계정을 연결하거나 비밀번호를 설정하세요.";
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
    MessageNotFound "message_not_found" NOT_FOUND
        "Message not found" "There is no such message."
        "메시지를 찾을 수 없음" "존재하지 않는 메시지입니다.";
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
    ApiKeyNotFound "api_key_not_found" NOT_FOUND
        "API key not found" "You have no such API key."
        "API 키를 찾을 수 없음" "존재하지 않는 API 키입니다.";
    WhitelistNotFound "whitelist_not_found" NOT_FOUND
        "Address not listed" "The allow-list of this API key has no such entry."
        "허용 주소를 찾을 수 없음" "이 API 키의 허용 목록에 없는 항목입니다.";
    MaxKeyCount "max_key_count" BAD_REQUEST
        "API key limit reached" "You have as many active API keys as you may have. Remove one first."
        "API 키 개수 초과" "사용할 수 있는 API 키를 모두 만들었습니다. 먼저 하나를 삭제하세요.";
    MaxPendingRequests "max_pending_requests" CONFLICT
        "Too many requests wait" "As many of your requests for friendship wait for an answer as may. Withdraw one first."
        "친구 요청 개수 초과" "응답을 기다리는 친구 요청이 너무 많습니다. 먼저 하나를 취소하세요.";
    MaxWhitelistCount "max_whitelist_count" BAD_REQUEST
        "Allow-list full" "The allow-list of this API key is full. Remove an entry first."
        "허용 목록 개수 초과" "이 API 키의 허용 목록이 가득 찼습니다. 먼저 항목을 삭제하세요.";
    InvalidIp "invalid_ip" BAD_REQUEST
        "Not an address" "ip_addr must be an IPv4 or IPv6 address, or a network like 203.0.113.0/24."
        "유효하지 않은 IP 주소" "ip_addr는 IPv4/IPv6 주소 또는 203.0.113.0/24와 같은 네트워크여야 합니다.";
    SignatureMissing "signature_missing" BAD_REQUEST
        "Signature missing" "A part of the signature is absent or cannot be read: key, timestamp, or the header with the signature."
        "서명 누락" "서명에 필요한 key, timestamp 또는 서명 헤더가 없거나 읽을 수 없습니다.";
    SignatureInvalid "signature_invalid" UNAUTHORIZED
        "Signature invalid" "The signature is not what this key makes of this request."
        "유효하지 않은 서명" "요청의 서명이 이 키로 만든 것과 일치하지 않습니다.";
    TimestampOutOfWindow "timestamp_out_of_window" UNAUTHORIZED
        "Timestamp out of window" "The request was signed more than 10 seconds ago, or later than now. Check the clock."
        "허용 시간 초과" "10초 이내에 서명된 요청이 아니거나 미래의 시각입니다. 시계를 확인하세요.";
    Replayed "replayed" UNAUTHORIZED
        "Replayed" "The same request came before. Sign it anew; within one second, with another nonce."
        "재전송된 요청" "같은 요청이 이미 처리되었습니다. 다시 서명하고, 1초 안이라면 다른 nonce를 사용하세요.";
    KeyUnknown "key_unknown" UNAUTHORIZED
        "Key unknown" "There is no such API key, or it was removed or has expired."
        "알 수 없는 키" "존재하지 않거나 삭제 또는 만료된 API 키입니다.";
    AddressNotAllowed "address_not_allowed" FORBIDDEN
        "Address not allowed" "This API key may not be used from your address."
        "허용되지 않은 주소" "이 API 키는 현재 주소에서 사용할 수 없습니다.";
    ScopeMissing "scope_missing" FORBIDDEN
        "Scope missing" "This API key may not be used for that."
        "권한 없음" "이 API 키에는 해당 기능의 권한이 없습니다.";
    IdempotencyKeyInvalid "idempotency_key_invalid" BAD_REQUEST
        "Invalid Idempotency-Key" "Idempotency-Key must have 1 to 255 visible ASCII characters."
        "유효하지 않은 Idempotency-Key" "Idempotency-Key는 1자 이상 255자 이하의 ASCII 문자여야 합니다.";
    IdempotencyKeyReused "idempotency_key_reused" UNPROCESSABLE_ENTITY
        "Idempotency-Key reused" "This Idempotency-Key came with another request within 24 hours. Use a new one."
        "재사용된 Idempotency-Key" "24시간 안에 다른 요청에 사용된 Idempotency-Key입니다. 새 키를 사용하세요.";
    IdempotencyKeyInUse "idempotency_key_in_use" CONFLICT
        "Idempotency-Key in use" "The request with this Idempotency-Key is still in hand. Ask again in a moment."
        "처리 중인 Idempotency-Key" "이 Idempotency-Key의 요청을 아직 처리하고 있습니다. 잠시 후 다시 시도하세요.";
    MessageSettled "message_settled" CONFLICT
        "Too late" "The message was tried, sent, given up or called off already."
        "취소할 수 없음" "이미 발송을 시도했거나 처리가 끝난 메시지입니다.";
    PersonaNotFound "persona_not_found" NOT_FOUND
        "Persona not found" "There is no such persona."
        "페르소나를 찾을 수 없음" "존재하지 않는 페르소나입니다.";
    MediaNotFound "media_not_found" NOT_FOUND
        "Picture not found" "There is no such picture, or its address is no longer good."
        "이미지를 찾을 수 없음" "존재하지 않거나 주소가 만료된 이미지입니다.";
    MediaInUse "media_in_use" CONFLICT
        "Picture in use" "Your profile or one of your personas shows this picture. Change that first."
        "사용 중인 이미지" "프로필이나 페르소나에서 사용 중인 이미지입니다. 먼저 변경하세요.";
    MediaQuotaExceeded "media_quota_exceeded" CONFLICT
        "Too many pictures" "You keep as many pictures as you may. Delete some and retry."
        "이미지 한도 초과" "보관할 수 있는 이미지 한도를 넘었습니다. 일부를 삭제한 뒤 시도하세요.";
    InvalidPicture "invalid_picture" UNPROCESSABLE_ENTITY
        "Invalid picture" "The picture is damaged, or ends too early."
        "유효하지 않은 이미지" "이미지가 손상되었거나 중간에 끊겼습니다.";
    PersonaLimitReached "persona_limit_reached" BAD_REQUEST
        "Persona limit reached" "You have as many personas as you may have. Remove one first."
        "페르소나 개수 초과" "만들 수 있는 페르소나 수를 모두 사용했습니다. 먼저 하나를 삭제하세요.";
    PersonaNumRequired "persona_num_required" BAD_REQUEST
        "Persona number required" "Say which persona: persona_num or persona_id."
        "페르소나 번호 필요" "persona_num 또는 persona_id로 페르소나를 지정하세요.";
    PersonaRequired "persona_required" BAD_REQUEST
        "Persona required" "The consent was asked for without a persona. Start again with persona_num or persona_id."
        "페르소나 필요" "페르소나 없이 시작된 연동입니다. persona_num 또는 persona_id를 지정해 다시 시작하세요.";
    StateInvalid "state_invalid" BAD_REQUEST
        "Invalid state" "The state is forged, too old, used already, or not of this session. Start again."
        "유효하지 않은 state" "state가 위조되었거나 만료되었거나 이미 사용되었거나 이 세션의 것이 아닙니다. 다시 시작하세요.";
    CodeMissing "code_missing" BAD_REQUEST
        "Code missing" "The provider sent no code: the consent was not given."
        "코드 없음" "제공자가 코드를 보내지 않았습니다. 동의가 완료되지 않았습니다.";
    PersonaOauthRequired "persona_oauth_required" UNAUTHORIZED
        "Connection required" "Connect this persona with Instagram (again)."
        "연동 필요" "이 페르소나를 Instagram에 (다시) 연동하세요.";
    ServerTokenMissing "server_token_missing" INTERNAL_SERVER_ERROR
        "Server token missing" "The shared development token is switched on and not set."
        "서버 토큰 없음" "개발용 공유 토큰이 켜져 있지만 설정되지 않았습니다.";
    LinkNotFound "link_not_found" NOT_FOUND
        "Link not found" "The link is unknown, was used already, or has expired. Ask for another one."
        "링크를 찾을 수 없음" "링크가 잘못되었거나 이미 사용되었거나 만료되었습니다. 새 링크를 요청하세요.";
    NotSupported "not_supported" BAD_REQUEST
        "Not supported" "There are no accounts of this type."
        "지원하지 않음" "지원하지 않는 계정 유형입니다.";
    EmailMissing "email_missing" CONFLICT
        "No e-mail address" "The account has no e-mail address."
        "이메일 없음" "계정에 이메일 주소가 없습니다.";
    EmailAlreadyVerified "email_already_verified" CONFLICT
        "Address verified already" "The e-mail address was verified already."
        "이미 확인된 이메일" "이미 확인된 이메일 주소입니다.";
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
