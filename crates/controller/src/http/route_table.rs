//! Which methods each address has, so that a wrong method is told from a wrong address.

use actix_web::{
    HttpRequest, HttpResponse,
    dev::ResourceDef,
    http::{
        Method,
        header::{ALLOW, HeaderValue},
    },
    web,
};
use utoipa::openapi::{OpenApi, PathItem};

use super::{catalogue::Code, problem::Problem};

/// Every route template with its methods, taken from the OpenAPI document. Made once, shared as
/// `web::Data<RouteTable>`.
///
/// actix answers 404 for both mistakes, because each macro's route is a resource of its own that does not know of the
/// others at the same address.
#[derive(Debug)]
pub struct RouteTable {
    routes: Vec<(ResourceDef, Methods)>,
}

impl RouteTable {
    /// The routes of a document.
    #[must_use]
    pub fn new(document: &OpenApi) -> Self {
        let paths = document.paths.paths.iter();
        let routes =
            paths.map(|(template, item)| (ResourceDef::new(template.as_str()), Methods::of(item)));
        Self {
            routes: routes.collect(),
        }
    }

    /// Adds a route that the document does not tell of.
    #[must_use]
    pub fn with(mut self, template: &str, methods: &[Method]) -> Self {
        let methods = methods.iter().fold(Methods::default(), Methods::and);
        self.routes.push((ResourceDef::new(template), methods));
        self
    }

    /// The template of each route, some of them more than once.
    pub fn templates(&self) -> impl Iterator<Item = &str> {
        self.routes
            .iter()
            .filter_map(|(template, _)| template.pattern())
    }

    /// The `Allow` header for a path; `None` when no template matches it. An address that stands
    /// in the table itself is none of a template's: what could be an id there is not one.
    #[must_use]
    pub fn allow(&self, path: &str) -> Option<HeaderValue> {
        let methods = |is_itself: bool| {
            self.routes
                .iter()
                .filter(|(template, _)| {
                    template.is_match(path) && (template.pattern() == Some(path)) == is_itself
                })
                .map(|(_, methods)| *methods)
                .reduce(|left, right| Methods(left.0 | right.0))
        };
        let methods = methods(true).or_else(|| methods(false))?;
        Some(methods.header())
    }
}

/// The default service: 204 for OPTIONS and 405 for other methods at a known address, both with `Allow`; else 404.
///
/// # Errors
/// Always, except for OPTIONS at a known address.
pub async fn unmatched(request: HttpRequest) -> Result<HttpResponse, Problem> {
    // actix matches routes against this form of the path, not against the raw one.
    let path = request.match_info().as_str();
    let table = request.app_data::<web::Data<RouteTable>>();
    match table.and_then(|table| table.allow(path)) {
        Some(allow) if request.method() == Method::OPTIONS => Ok(HttpResponse::NoContent()
            .insert_header((ALLOW, allow))
            .finish()),
        Some(allow) => Err(Problem::new(Code::MethodNotAllowed).header(ALLOW, allow)),
        None => Err(Problem::new(Code::NotFound)),
    }
}

/// A set of methods, a bit each.
#[derive(Debug, Clone, Copy, Default)]
struct Methods(u8);

const KNOWN: [Method; 6] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

impl Methods {
    fn of(item: &PathItem) -> Self {
        let documented = [
            (&item.get, Method::GET),
            (&item.head, Method::HEAD),
            (&item.post, Method::POST),
            (&item.put, Method::PUT),
            (&item.patch, Method::PATCH),
            (&item.delete, Method::DELETE),
        ];
        let present = documented
            .iter()
            .filter(|(operation, _)| operation.is_some());
        present.fold(Self::default(), |set, (_, method)| set.and(method))
    }

    /// HEAD comes with GET: [`methods`](super::methods::methods) sees to it.
    fn and(self, method: &Method) -> Self {
        let bit = |wanted: &Method| {
            KNOWN
                .iter()
                .position(|known| known == wanted)
                .map_or(0, |place| 1 << place)
        };
        let implied = if method == Method::GET {
            bit(&Method::HEAD)
        } else {
            0
        };
        Self(self.0 | bit(method) | implied)
    }

    fn header(self) -> HeaderValue {
        let mut text = String::new();
        for (place, method) in KNOWN.iter().enumerate() {
            if self.0 & 1 << place != 0 {
                text.push_str(method.as_str());
                text.push_str(", ");
            }
        }
        text.push_str(Method::OPTIONS.as_str());
        // Method names and commas are always a legal header value.
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("OPTIONS"))
    }
}
