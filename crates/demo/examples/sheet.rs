//! Writes drawings and a page that shows them as a grid, to be looked at in a browser:
//! `cargo run -p demo --example sheet -- /tmp/sheet 48 [style number]`.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "/tmp/sheet".to_owned());
    let number = |text: Option<String>| text.and_then(|text| text.parse::<usize>().ok());
    let count = number(arguments.next()).unwrap_or(48);
    let style = number(arguments.next());
    let demo = demo::Demo::generate(&demo::Sizes::default(), 1, 1_767_225_600_000_000);
    std::fs::create_dir_all(&folder)?;
    let mut page = std::fs::File::create(format!("{folder}/index.html"))?;
    page.write_all(b"<!doctype html><meta charset=utf-8><style>body{margin:12px;background:#fff;display:grid;grid-template-columns:repeat(8,1fr);gap:10px}img{width:100%;border-radius:12px;display:block}</style>")?;
    let wanted =
        |outfit: &&demo::DemoOutfit| style.is_none_or(|style| outfit.cluster as usize == style);
    for outfit in demo
        .outfits
        .iter()
        .filter(wanted)
        .step_by(if style.is_some() { 11 } else { 41 })
        .take(count)
    {
        let name = format!("{:06}.svg", outfit.number);
        std::fs::write(format!("{folder}/{name}"), demo::draw(outfit))?;
        writeln!(page, "<img src={name}>")?;
    }
    Ok(())
}
