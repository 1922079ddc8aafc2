//! Draws the gallery of the documentation: `cargo run -p gateway --example portraits -- docs/portraits.png`.

use std::error::Error;
use std::time::Duration;

use domain::persona::ImageWorkshop;
use gateway::persona::{Workshop, WorkshopSettings};
use image::imageops::overlay;
use image::{Rgba, RgbaImage};
use portrait::Said;

/// Pixels of a portrait's side, and between two portraits.
const SIDE: u32 = 192;
const GAP: u32 = 12;
const COLUMNS: u32 = 6;

/// Gender, hair, feature, glasses, personality, age.
const PEOPLE: [[&str; 6]; 24] = [
    ["여성", "긴 검은 머리", "", "", "다정한", "24"],
    [
        "남성",
        "짧은 머리 옆가르마",
        "",
        "둥근 안경",
        "차분한",
        "27",
    ],
    ["여성", "갈색 단발 앞머리", "주근깨", "", "유쾌한", "21"],
    ["남성", "곱슬", "수염", "", "활발한", "34"],
    ["여성", "금발 웨이브", "귀걸이", "", "시크", "29"],
    ["남성", "은발", "터틀넥", "사각", "친절한", "67"],
    ["여성", "포니테일", "리본", "", "밝은", "19"],
    ["남성", "스포츠", "캡 모자", "", "차분한", "22"],
    ["여성", "당고 머리", "후드", "둥근 안경", "조용한", "26"],
    ["남성", "대머리", "수염 정장", "", "진지한", "45"],
    ["여성", "빨간 곱슬", "주근깨", "", "명랑한", "30"],
    ["남성", "짧은 올백", "선글라스", "", "카리스마", "31"],
    ["여성", "분홍 단발", "비니", "", "유쾌한", "20"],
    ["남성", "갈색 가르마", "후드", "", "다정한", "18"],
    ["여성", "회색 웨이브", "", "사각", "따뜻한", "71"],
    ["", "짧은 파란 머리", "피어싱", "", "차분한", "25"],
    ["여성", "긴 갈색 머리 앞머리", "베레", "", "다정한", "23"],
    ["남성", "검은 짧은 머리", "셔츠", "뿔테", "활발한", "28"],
    ["여성", "검은 단발", "", "", "차가운", "33"],
    ["남성", "금발 옆", "주근깨", "", "웃는", "16"],
    ["여성", "포니테일 갈색", "귀걸이", "선글라스", "쾌활", "27"],
    ["남성", "곱슬 검은", "비니", "둥근", "조용한", "24"],
    ["여성", "보라 웨이브", "셔츠", "", "친절한", "35"],
    ["아이", "짧은 검은", "", "", "밝은", "8"],
];
const SKINS: [&str; 6] = ["", "밝은", "따뜻한", "중간", "구릿빛", "어두운"];
const FACES: [&str; 5] = ["계란형", "둥근형", "각진형", "하트형", ""];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("where to?")?;
    let workshop = Workshop::new(WorkshopSettings {
        places: 1,
        queue: 0,
        wait: Duration::from_secs(60),
    });
    let rows = (PEOPLE.len() as u32).div_ceil(COLUMNS);
    let side = |count: u32| count * (SIDE + GAP) + GAP;
    let mut gallery = RgbaImage::from_pixel(side(COLUMNS), side(rows), Rgba([255, 255, 255, 255]));
    for (number, person) in PEOPLE.iter().enumerate() {
        let [gender, hair, feature, glasses, personality, age] = *person;
        let drawing = portrait::draw(&Said {
            name: &format!("portrait {number}"),
            gender,
            hair,
            feature,
            glasses,
            age,
            skin_tone: SKINS[number * 5 % SKINS.len()],
            face_shape: FACES[number % FACES.len()],
            personalities: &[personality.to_owned()],
            ..Said::default()
        });
        let picture = workshop.rasterise(drawing, SIDE).await?;
        let picture = image::load_from_memory(&picture.content)?;
        let (column, row) = (number as u32 % COLUMNS, number as u32 / COLUMNS);
        let place = |at: u32| i64::from(side(at));
        overlay(&mut gallery, &picture, place(column), place(row));
    }
    gallery.save(path)?;
    Ok(())
}
