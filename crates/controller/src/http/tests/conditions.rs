//! Conditional requests.

use actix_web::test::TestRequest;

use crate::http::{Code, Conditions, EntityTag, Verdict};

fn conditions(headers: &[(&str, &str)]) -> Conditions {
    let request = headers
        .iter()
        .fold(TestRequest::default(), |request, pair| {
            request.append_header(*pair)
        });
    Conditions::of(request.to_http_request().headers())
}

#[test]
fn a_version_is_a_strong_tag() {
    let (name, value) = EntityTag::of_version(7).header();
    assert_eq!((name.as_str(), value.as_bytes()), ("etag", &b"\"v7\""[..]));
    assert_eq!(EntityTag::of_version(7).version(), Some(7));
    assert_eq!(
        EntityTag::new("a\"b\nc d").header().1.as_bytes(),
        b"\"abcd\""
    );
}

#[test]
fn a_read_is_not_repeated_for_who_has_it() {
    let current = EntityTag::of_version(7);
    for (given, verdict) in [
        ("\"v7\"", Verdict::NotModified),
        ("W/\"v7\"", Verdict::NotModified),
        ("\"v1\", W/\"a,b\" ,\"v7\"", Verdict::NotModified),
        ("*", Verdict::NotModified),
        ("\"v6\"", Verdict::Proceed),
        ("v7", Verdict::Proceed),
        ("\"v7", Verdict::Proceed),
        ("", Verdict::Proceed),
    ] {
        assert_eq!(
            conditions(&[("if-none-match", given)]).on_read(&current),
            verdict,
            "{given}"
        );
    }
    assert_eq!(conditions(&[]).on_read(&current), Verdict::Proceed);
    assert_eq!(
        conditions(&[("if-match", "\"v6\"")]).on_read(&current),
        Verdict::Failed
    );
    assert_eq!(
        conditions(&[("if-none-match", "\"v6\""), ("if-none-match", "\"v7\"")]).on_read(&current),
        Verdict::NotModified
    );
}

#[test]
fn a_change_needs_what_it_names() {
    let current = EntityTag::of_version(7);
    let allowed = |headers: &[(&str, &str)], current| {
        conditions(headers)
            .on_write(current)
            .map_err(|problem| problem.code())
    };
    let failed = Err(Code::PreconditionFailed);
    assert_eq!(allowed(&[], Some(&current)), Ok(()));
    assert_eq!(
        allowed(&[("if-match", "\"v6\", \"v7\"")], Some(&current)),
        Ok(())
    );
    assert_eq!(allowed(&[("if-match", "*")], Some(&current)), Ok(()));
    assert_eq!(allowed(&[("if-match", "W/\"v7\"")], Some(&current)), failed);
    assert_eq!(allowed(&[("if-match", "\"v6\"")], Some(&current)), failed);
    assert_eq!(
        allowed(&[("if-match", "v7")], Some(&current)),
        failed,
        "nobody is overwritten by a typing error"
    );
    assert_eq!(allowed(&[("if-match", "*")], None), failed);
    assert_eq!(allowed(&[("if-none-match", "*")], Some(&current)), failed);
    assert_eq!(allowed(&[("if-none-match", "*")], None), Ok(()));
}

#[test]
fn the_expected_version_is_the_only_strong_one() {
    assert_eq!(
        conditions(&[("if-match", "\"v7\"")]).expected_version(),
        Some(7)
    );
    for other in ["W/\"v7\"", "\"v7\", \"v8\"", "*", "\"x\""] {
        assert_eq!(
            conditions(&[("if-match", other)]).expected_version(),
            None,
            "{other}"
        );
    }
}
