//! The texts of how the sender and a target prove to each other who they are.

use super::Text;

texts! {
    AUTHENTICATION "Authentication" "Anmeldung am Ziel";
    BASIC "HTTP Basic, with a name and a password." "HTTP Basic, mit Name und Passwort.";
    BEARER "A bearer token." "Ein Bearer-Token.";
    OAUTH2 "OAuth 2.0, by client credentials." "OAuth 2.0, mit Client Credentials.";
    CLIENT_CERTIFICATE "Client certificate" "Client-Zertifikat";
    CERTIFICATE_SHOWN "Each request shows it to the target." "Jede Anfrage weist es dem Ziel vor.";
    VERIFICATION "Proof by the target" "Nachweis des Ziels";
    BY_SECRET "It returns the secret in X-Hook-Secret." "Es gibt das Geheimnis in X-Hook-Secret zurück.";
    BY_ORIGIN "It allows the sender in WebHook-Allowed-Origin." "Es erlaubt den Absender in WebHook-Allowed-Origin.";
    BY_CHALLENGE "It answers with the text that it was asked for." "Es antwortet mit dem Text, nach dem es gefragt wurde.";
}
