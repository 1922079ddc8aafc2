//! Peers that break the protocol, or just the connection.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use super::device::Device;
use super::raw::{CLOSE, LAST, MORE, PING, Raw, TEXT, frame};
use crate::app::App;
use crate::client::Client;

on_every_engine! {
    crate::app::run;
    who_breaks_the_protocol_is_closed_with_its_code,
    what_is_as_long_as_allowed_is_read,
    a_frame_may_come_byte_by_byte_and_in_pieces,
    who_says_goodbye_hears_the_same,
    who_hangs_up_half_way_harms_nobody,
    noise_ends_in_a_close_or_in_nothing,
}

/// The most that a message may have, in bytes.
const MOST: usize = 64 * 1024;

/// Fails unless the server still talks to others.
async fn is_well(client: &Client) {
    let mut device = Device::open(client).await;
    device.beat().await;
}

/// A heartbeat of that many bytes.
fn heartbeat(length: usize) -> String {
    let empty = json!({"payload": "", "type": "heartbeat"}).to_string();
    let filling = "x".repeat(length - empty.len());
    json!({"payload": filling, "type": "heartbeat"}).to_string()
}

async fn who_breaks_the_protocol_is_closed_with_its_code(app: Arc<App>) {
    let client = app.start().await;
    let text = LAST | TEXT;
    let mut too_long = frame(text, &[]);
    too_long[1] = 0x80 | 127;
    too_long.splice(2..2, (MOST as u64 + 1).to_be_bytes());
    let mut absurd = too_long.clone();
    absurd[2] = 0xff;
    let mut unmasked = frame(text, b"{}");
    unmasked[1] &= 0x7f;
    let half = vec![b'x'; MOST / 2 + 1];
    let breaches: [(&str, Vec<u8>, u16); 16] = [
        ("no UTF-8", frame(text, b"\xff"), 1007),
        (
            "no UTF-8 in pieces",
            [frame(TEXT, b"\xea"), frame(LAST | MORE, b"x")].concat(),
            1007,
        ),
        (
            "no UTF-8 in a piece before the last",
            frame(TEXT, b"\xff"),
            1007,
        ),
        ("too long", too_long, 1009),
        ("no such length", absurd, 1009),
        (
            "too long in pieces",
            [frame(TEXT, &half), frame(MORE, &half)].concat(),
            1009,
        ),
        ("no mask", unmasked, 1002),
        ("a reserved bit", frame(text | 0x40, b"{}"), 1002),
        ("no such kind", frame(LAST | 3, b"{}"), 1002),
        ("a long ping", frame(LAST | PING, &[0; 126]), 1002),
        ("a ping in pieces", frame(PING, b"x"), 1002),
        ("more of nothing", frame(LAST | MORE, b"x"), 1002),
        (
            "something new within",
            [frame(TEXT, b"{"), frame(text, b"}")].concat(),
            1002,
        ),
        ("half a code", frame(LAST | CLOSE, b"\x03"), 1002),
        (
            "no code",
            frame(LAST | CLOSE, &1005_u16.to_be_bytes()),
            1002,
        ),
        (
            "a code of nobody",
            frame(LAST | CLOSE, &999_u16.to_be_bytes()),
            1002,
        ),
    ];
    for (what, bytes, code) in breaches {
        let mut raw = Raw::open(&client).await;
        assert!(raw.write(&bytes).await, "{what}");
        assert_eq!(raw.closed().await, Some(code), "{what}");
    }
    is_well(&client).await;
}

async fn what_is_as_long_as_allowed_is_read(app: Arc<App>) {
    let client = app.start().await;
    let mut raw = Raw::open(&client).await;
    let longest = heartbeat(MOST);
    assert!(raw.write(&frame(LAST | TEXT, longest.as_bytes())).await);
    raw.hears(&longest).await;
    let (first, second) = longest.as_bytes().split_at(MOST / 2);
    let pieces = [frame(TEXT, first), frame(LAST | MORE, second)].concat();
    assert!(raw.write(&pieces).await);
    raw.hears(&longest).await;
}

async fn a_frame_may_come_byte_by_byte_and_in_pieces(app: Arc<App>) {
    let client = app.start().await;
    let mut raw = Raw::open(&client).await;
    let beat = heartbeat(200);
    for byte in frame(LAST | TEXT, beat.as_bytes()) {
        assert!(raw.write(&[byte]).await);
    }
    raw.hears(&beat).await;
    let korean = json!({"payload": "안녕", "type": "heartbeat"}).to_string();
    let mut first = TEXT;
    for byte in korean.bytes() {
        assert!(raw.write(&frame(first, &[byte])).await);
        first = MORE;
        // A ping may come in between.
        assert!(raw.write(&frame(LAST | PING, b"still there?")).await);
        raw.is_ponged(b"still there?").await;
    }
    assert!(raw.write(&frame(LAST | MORE, b"")).await);
    raw.hears(&korean).await;
    // Pieces of nothing are not taken for ever.
    assert!(raw.write(&frame(TEXT, b"")).await);
    for _ in 0..400 {
        if !raw.write(&frame(MORE, b"")).await {
            break;
        }
    }
    assert_eq!(raw.closed().await, Some(1008));
}

async fn who_says_goodbye_hears_the_same(app: Arc<App>) {
    let client = app.start().await;
    for code in [1000, 1001, 4321_u16] {
        let mut raw = Raw::open(&client).await;
        assert!(raw.write(&frame(LAST | CLOSE, &code.to_be_bytes())).await);
        assert_eq!(raw.closed().await, Some(code));
    }
    let mut raw = Raw::open(&client).await;
    assert!(raw.write(&frame(LAST | CLOSE, b"")).await);
    assert_eq!(raw.closed().await, Some(1000));
}

async fn who_hangs_up_half_way_harms_nobody(app: Arc<App>) {
    let client = app.start().await;
    let whole = frame(LAST | TEXT, heartbeat(100).as_bytes());
    for length in [0, 1, 2, 5, 6, whole.len() - 1] {
        // One goes without a word, one waits for an answer.
        let mut gone = Raw::open(&client).await;
        assert!(gone.write(&whole[..length]).await);
        drop(gone);
        let mut waits = Raw::open(&client).await;
        assert!(waits.write(&whole[..length]).await);
        waits.hang_up().await;
        waits.closed().await;
    }
    is_well(&client).await;
}

async fn noise_ends_in_a_close_or_in_nothing(app: Arc<App>) {
    let client = app.start().await;
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..64 {
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            // Xorshift: noise that is the same in every run.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[0]
        })
        .take(1 + round * 7)
        .collect();
        let mut raw = Raw::open(&client).await;
        // Whatever of it comes after the breach is not taken.
        raw.write(&noise).await;
        raw.hang_up().await;
        let code = raw.closed().await;
        let expected = [None, Some(1000), Some(1002), Some(1007), Some(1009)];
        assert!(expected.contains(&code), "{round}: {code:?}");
    }
    is_well(&client).await;
}
