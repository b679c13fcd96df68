//! Whatever comes, nothing panics and nothing passes.

use webhooks_signature::{
    Jwk, JwkSet, MessageSignatureProfile, MessageSignatureVerifier, Request, Scheme, Secret,
    TrustedProxies, Verifier,
};

use crate::support::{NOW, SENDGRID, at, schemes};

/// A small generator with a fixed seed (xorshift64), so that a failure repeats.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    /// Pieces that parsers stumble over, and plain bytes.
    fn bytes(&mut self) -> Vec<u8> {
        const PIECES: [&[u8]; 24] = [
            b"v1,",
            b"v1=",
            b"t=",
            b"sha256=",
            b" ",
            b",",
            b";",
            b"=",
            b"1700000000",
            b"-1",
            b"\xff",
            b"\0",
            b"\r\n",
            b"AAAA",
            b"00ff",
            b"{\"webhookTimestamp\":",
            b"}",
            b"[",
            b"\"",
            b"%",
            b"+",
            b"2023-11-14T22:13:20Z",
            b"99999999999999999999",
            b"\xe2\x99\xa5",
        ];
        let count = self.below(8);
        (0..count)
            .flat_map(|_| PIECES[self.below(PIECES.len())].to_vec())
            .collect()
    }

    /// A few bytes changed, cut out or put in.
    fn mutated(&mut self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len().max(1)).min(bytes.len());
            let end = (at + self.below(6)).min(bytes.len());
            let piece = self.bytes();
            bytes.splice(at..end, piece);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn text(&mut self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }
}

#[test]
fn garbage_is_rejected_without_a_panic() {
    let mut random = Random(0x5eed);
    for (name, scheme) in schemes() {
        let Ok(verifier) = scheme.verifier([fitting(&name)]) else {
            panic!("{name}")
        };
        let verifier = verifier.behind(TrustedProxies::new(["10.0.0.0/8"]).unwrap());
        let names: Vec<_> = names(&scheme);
        for _ in 0..500 {
            let headers: Vec<_> = names.iter().map(|name| (*name, random.bytes())).collect();
            let (body, url, method) =
                (random.bytes(), format!("/{}", random.text()), random.text());
            let request = Request::new(&headers, &body)
                .url(&url)
                .method(&method)
                .peer([10, 0, 0, 1].into());
            assert!(
                verifier.verify(&request, at(NOW)).is_err(),
                "{name}: {headers:?}"
            );
        }
    }
}

#[test]
fn garbage_is_no_secret_and_no_scheme_and_does_not_panic() {
    let mut random = Random(0xbad_5eed);
    let schemes = schemes();
    for _ in 0..500 {
        let text = random.text();
        assert!(serde_json::from_str::<Scheme>(&text).is_err());
        if let Ok(secret) = Secret::new(text) {
            for scheme in schemes.values() {
                let _ = (scheme.verifier([&secret]), scheme.signer([&secret]));
            }
        }
    }
}

fn fitting(name: &str) -> Secret {
    let text = match name {
        "standard-webhooks-v1a" => "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=",
        "discord" => "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "sendgrid" => SENDGRID,
        _ => "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    };
    Secret::new(text).unwrap()
}

/// Every header that the scheme reads, and those that tell the URL.
fn names(scheme: &Scheme) -> Vec<&str> {
    let own = scheme
        .signature_headers()
        .chain(scheme.timestamp_headers())
        .chain(scheme.id_headers());
    let required = scheme.required_headers().map(|(name, _)| name);
    own.chain(required)
        .chain(["host", "x-forwarded-host", "x-forwarded-proto", "date"])
        .collect()
}

/// Every parser, with texts that are right but for a few bytes.
#[test]
fn mutated_input_does_not_panic_and_is_not_authentic() {
    let mut random = Random(0xf00d);
    let profile = MessageSignatureProfile::WEBHOOK.covers(&[]);
    let texts: [&str; 8] = [
        r#"sig1=("@method" "@query-param";name="a" "x");created=1700000000;keyid="k";alg="ed25519""#,
        "sig1=:AAAA:, b=:BB-_:;p=?1",
        "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
        r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#,
        r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FE","d":"jpsQ"}"#,
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----",
        "https://User@Example.com:443/a/../b%2fc/./?x=%41+b#f",
        r#"{"alg":"hmac-sha256","key":["base64","whsec_"],"sig":{"headers":["x"],"split":" ","label":["kv",",",["v1"]],"enc":"hex"},"alternative":{"alg":"ed25519","key":["ed25519","whpk_"],"label":["kv",",",["v1a"]],"enc":"base64"},"base":"{ts}{body}","ts":{"src":["json","/a/0"],"unit":"iso","past":1,"future":null}}"#,
    ];
    for _ in 0..20_000 {
        let mutated: Vec<String> = texts.iter().map(|text| random.mutated(text)).collect();
        let _ = serde_json::from_str::<JwkSet>(&mutated[3]);
        let _ = serde_json::from_str::<Scheme>(&mutated[7]);
        for text in [&mutated[4], &mutated[5]] {
            if let Ok(secret) = Secret::new(text.as_str()) {
                let _ = Scheme::DISCORD.verifier([&secret]);
                let _ = Scheme::SENDGRID.signer([&secret]);
                let _ = Jwk::public_half_of(&secret);
            }
        }
        let keys = serde_json::from_str::<JwkSet>(texts[3]).unwrap();
        let verifier = MessageSignatureVerifier::new(profile.clone(), keys);
        let headers = [
            ("signature-input", mutated[0].as_str()),
            ("signature", mutated[1].as_str()),
            ("content-digest", mutated[2].as_str()),
        ];
        let request = Request::new(&headers, b"{}").url(&mutated[6]);
        assert!(verifier.verify(&request, at(NOW)).is_err(), "{headers:?}");
    }
}
