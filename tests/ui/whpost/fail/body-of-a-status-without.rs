use webhooks_core::whpost;

#[whpost("none", status = 204)]
async fn none(data: String) -> u8;

#[whpost("reset", status = "205", responses = [(304, "Kept.", u8), ("1XX", "Goes on.", u8), (410, "Gone.", u8)])]
async fn reset(data: String) -> u8;

fn main() {}
