//! Products by the thousand: made up, varied, the same every time.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::ValueError;
use domain::product::{Category, Product, ProductDraft, ProductName, Size, Won};
use domain::user::UserId;

const FIRST: [&str; 24] = [
    "부드러운",
    "진한",
    "달콤한",
    "고소한",
    "상큼한",
    "시원한",
    "따뜻한",
    "바삭한",
    "촉촉한",
    "매콤한",
    "담백한",
    "향긋한",
    "싱그러운",
    "포근한",
    "클래식",
    "프리미엄",
    "오가닉",
    "제주",
    "성수동",
    "한남",
    "서울",
    "부산",
    "가을",
    "겨울",
];
const SECOND: [&str; 32] = [
    "슈크림",
    "소금",
    "바닐라",
    "초코",
    "딸기",
    "말차",
    "흑임자",
    "인절미",
    "고구마",
    "밤",
    "유자",
    "자몽",
    "레몬",
    "복숭아",
    "청포도",
    "망고",
    "코코넛",
    "얼그레이",
    "캐러멜",
    "헤이즐넛",
    "피스타치오",
    "라즈베리",
    "블루베리",
    "오트",
    "린넨",
    "코튼",
    "울",
    "데님",
    "캐시미어",
    "새틴",
    "벨벳",
    "니트",
];
const THIRD: [&str; 24] = [
    "라떼",
    "빵",
    "케이크",
    "쿠키",
    "마카롱",
    "타르트",
    "스콘",
    "에이드",
    "스무디",
    "빙수",
    "푸딩",
    "젤라또",
    "셔츠",
    "재킷",
    "코트",
    "스커트",
    "팬츠",
    "가디건",
    "머플러",
    "토트백",
    "로퍼",
    "스니커즈",
    "원피스",
    "베스트",
];

/// The `number`th product: its name is one of 18,432, with a number so that none is alone.
///
/// # Errors
/// Never: the parts are valid.
pub fn product(number: u64, owner: UserId, now: DateTime<Utc>) -> Result<Product, ValueError> {
    // A multiplier without a common factor scatters neighbours over the names.
    let pick = number.wrapping_mul(2_654_435_761) as usize;
    let name = format!(
        "{} {} {} {}",
        FIRST[pick % FIRST.len()],
        SECOND[pick / 31 % SECOND.len()],
        THIRD[pick / 1_013 % THIRD.len()],
        number % 1_000,
    );
    let days = TimeDelta::days((pick % 365) as i64);
    let draft = ProductDraft {
        category: Category::parse(THIRD[pick / 1_013 % THIRD.len()])?,
        name: ProductName::parse(&name)?,
        description: None,
        price: Won::parse(1_000 + (pick % 900) as i64 * 100)?,
        cost: Won::parse(500)?,
        barcode: None,
        expiration_date: NaiveDate::from_ymd_opt(2027, 1, 1).map(|day| day + days),
        size: if pick.is_multiple_of(2) {
            Size::Small
        } else {
            Size::Large
        },
    };
    Ok(Product::new((number as i64 + 1).into(), owner, draft, now))
}
