use image::{Frame, ImageBuffer, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

/// Shades from corner to corner.
fn shades(width: u32, height: u32) -> RgbImage {
    ImageBuffer::from_fn(width, height, |x, y| {
        Rgb([(x * 5) as u8, (y * 5) as u8, 128])
    })
}

fn file(kind: MediaKind, width: u32, height: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let picture = DynamicImage::ImageRgb8(shades(width, height));
    let written = picture.write_to(&mut file, format(kind));
    written.expect("a file");
    file.into_inner()
}

fn admitted(file: Vec<u8>) -> Result<Picture, PictureError> {
    admit(&file.into())
}

fn pixels(picture: &Picture) -> RgbImage {
    let decoded = image::load_from_memory(&picture.content);
    decoded.expect("pixels").to_rgb8()
}

/// An EXIF block that says nothing but how the picture has to be turned.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif
}

/// A JPEG with an EXIF segment in front.
fn photo(orientation: u8) -> Vec<u8> {
    let plain = file(MediaKind::Jpeg, 32, 16);
    let mut content = b"Exif\0\0".to_vec();
    content.extend(exif(orientation));
    content.extend(b"taken at 37.5,127.0");
    let length = u16::try_from(content.len() + 2).expect("a short segment");
    let mut photo = vec![0xff, 0xd8, 0xff, 0xe1];
    photo.extend(length.to_be_bytes());
    photo.extend(content);
    photo.extend(&plain[2..]);
    photo
}

#[test]
fn every_kind_is_admitted_as_what_it_is() {
    for kind in MediaKind::ALL {
        let original = file(kind, 40, 30);
        let picture = admitted(original.clone()).expect("a picture");
        assert_eq!(
            (picture.kind, picture.width, picture.height),
            (kind, 40, 30)
        );
        let before = image::load_from_memory(&original).expect("pixels");
        assert_eq!(pixels(&picture), before.to_rgb8(), "{kind:?}");
    }
}

#[test]
fn what_is_told_beside_the_picture_is_left_out() {
    let picture = admitted(photo(1)).expect("a picture");
    let is_told = picture.content.windows(5).any(|word| word == b"taken");
    assert!(!is_told);
    assert_eq!((picture.width, picture.height), (32, 16));
}

#[test]
fn a_picture_that_says_how_it_is_held_is_turned_for_good() {
    let upright = pixels(&admitted(photo(1)).expect("a picture"));
    let picture = admitted(photo(6)).expect("a picture");
    assert_eq!((picture.width, picture.height), (16, 32));
    let turned = pixels(&picture);
    let (was, is) = (upright.get_pixel(2, 13).0, turned.get_pixel(2, 2).0);
    for (was, is) in was.into_iter().zip(is) {
        assert!(was.abs_diff(is) < 12, "{was} {is}");
    }
}

#[test]
fn what_follows_the_end_is_left_out() {
    for kind in MediaKind::ALL {
        let mut long = file(kind, 20, 20);
        long.extend(b"<script>alert(1)</script>");
        let picture = admitted(long).expect("a picture");
        let follows = picture.content.windows(7).any(|word| word == b"<script");
        assert!(!follows, "{kind:?}");
    }
}

#[test]
fn a_file_that_was_cut_anywhere_is_damaged() {
    for kind in MediaKind::ALL {
        let whole = file(kind, 24, 24);
        for length in [12, whole.len() / 3, whole.len() / 2, whole.len() - 3] {
            let cut = admitted(whole[..length].to_vec());
            assert_eq!(cut, Err(PictureError::Damaged), "{kind:?} {length}");
        }
    }
}

#[test]
fn a_header_that_tells_too_many_pixels_is_believed_before_anything_is_decoded() {
    let mut bomb = file(MediaKind::Png, 4, 4);
    bomb[16..24].copy_from_slice(&[0, 0, 0x7f, 0xff, 0, 0, 0x7f, 0xff]);
    // The checksum of the header, as PNG wants it.
    let crc = crc(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(admitted(bomb), Err(PictureError::TooManyPixels));
}

/// CRC-32 as PNG uses it.
fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = crc & 1;
            crc = (crc >> 1) ^ (0xedb8_8320 * carry);
        }
    }
    !crc
}

#[test]
fn other_kinds_and_nothing_are_unknown() {
    for file in [
        &b""[..],
        b"hello",
        b"%PDF-1.7",
        b"BM\0\0\0\0",
        b"<html></html>",
    ] {
        assert_eq!(admitted(file.to_vec()), Err(PictureError::UnknownKind));
    }
    let long = vec![0; MAX_PICTURE_BYTES + 1];
    assert_eq!(admitted(long), Err(PictureError::TooManyBytes));
}

#[test]
fn garbage_behind_a_good_beginning_is_refused() {
    let starts: [&[u8]; 4] = [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"RIFF\x10\0\0\0WEBP",
    ];
    for start in starts {
        let mut file = start.to_vec();
        file.extend((0..2_000_u32).map(|number| (number * 31 % 251) as u8));
        // Garbage may also tell a size that is refused.
        assert!(admitted(file).is_err());
    }
}

#[test]
fn an_animation_stays_one() {
    let mut file = Cursor::new(Vec::new());
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut file);
    let frame = |shade| Frame::new(RgbaImage::from_pixel(10, 10, Rgba([shade, 0, 0, 255])));
    let frames = encoder.encode_frames([frame(0), frame(120), frame(240)]);
    frames.expect("an animation");
    drop(encoder);
    let picture = admitted(file.into_inner()).expect("a picture");
    let decoder = GifDecoder::new(Cursor::new(&picture.content)).expect("an animation");
    assert_eq!(decoder.into_frames().count(), 3);
}

#[test]
fn a_smaller_copy_keeps_the_shape() {
    use super::super::thumbnail::thumbnail;
    for kind in MediaKind::ALL {
        let original = file(kind, 200, 100);
        for width in [20, 64, 150] {
            let small = thumbnail(&original, width)
                .expect("a copy")
                .expect("a smaller one");
            let expected = (width, width / 2);
            assert_eq!((small.width, small.height), expected);
            assert_eq!(pixels(&small).dimensions(), expected);
        }
        assert_eq!(thumbnail(&original, 200), Ok(None));
    }
}

#[test]
fn the_header_alone_says_that_a_picture_is_no_wider() {
    use super::super::thumbnail::{thumbnail, width};
    let original = file(MediaKind::Png, 200, 100);
    // Cut off after the header and the first bytes of its pixels: nobody could decode that.
    let header = &original[..60];
    assert_eq!(width(header), Ok(200));
    assert_eq!(thumbnail(header, 200), Ok(None));
    assert_eq!(thumbnail(header, 100), Err(PictureError::Damaged));
}
