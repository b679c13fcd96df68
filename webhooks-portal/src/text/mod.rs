//! Every text of the pages, in every language: one line each. `{}` stands for a value.
//!
//! What is added here is said in all languages; a test counts the values.

use crate::language::Language;

/// A text in every language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    english: &'static str,
    german: &'static str,
}

impl Text {
    pub(crate) const fn of(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::German => self.german,
        }
    }
}

macro_rules! texts {
    ($($name:ident $english:literal $german:literal;)*) => {
        $(pub(crate) const $name: Text = Text { english: $english, german: $german };)*

        #[cfg(test)]
        pub(super) const ALL: &[(&str, Text)] = &[$((stringify!($name), $name)),*];
    };
}

pub(crate) mod credentials;
pub(crate) mod fetching;
pub(crate) mod metrics;
pub(crate) mod redelivery;
pub(crate) mod running;
pub(crate) mod trying;

texts! {
    // The frame.
    SKIP "Skip to the content" "Zum Inhalt springen";
    NAVIGATION "Main" "Hauptmenü";
    OPERATOR "Operator" "Betrieb";
    OVERVIEW "Overview" "Übersicht";
    SUBSCRIPTIONS "Subscriptions" "Abonnements";
    DELIVERIES "Deliveries" "Zustellungen";
    EVENTS "Events" "Ereignisse";
    DOCUMENTATION "Documentation" "Dokumentation";
    COPY "Copy" "Kopieren";
    COPIED "Copied" "Kopiert";
    SELECTED "Press Ctrl+C" "Strg+C drücken";
    PAGES "Pages" "Seiten";
    FIRST_PAGE "Back to the newest" "Zurück zu den neuesten";
    NEXT_PAGE "Next page" "Nächste Seite";
    KEEP "Cancel" "Abbrechen";
    SAVE "Save" "Speichern";
    APPLY "Apply" "Anwenden";
    FILTER "Filter" "Filter";
    SHOW_ALL "Show all" "Alle zeigen";
    DETAILS "Details" "Einzelheiten";
    STATE "State" "Zustand";
    OWNER "Owner" "Inhaber";
    TARGET "Target" "Ziel";
    TIME "Time" "Zeit";
    EVENT "Event" "Ereignis";
    NOTHING_MATCHES "Nothing matches these filters." "Nichts passt zu diesen Filtern.";
    NOTHING_HERE_MORE "Nothing on this page matches, but older entries may. Go to the next page." "Auf dieser Seite passt nichts, vielleicht aber unter den älteren. Weiter zur nächsten Seite.";
    AS_TABLE "The same as a table" "Dasselbe als Tabelle";
    CHART "Chart" "Diagramm";
    AND_MORE "+{} more" "+{} weitere";
    UNKNOWN "Unknown" "Unbekannt";

    // Times.
    JUST_NOW "just now" "gerade eben";
    SECONDS_AGO "{} sec. ago" "vor {} Sek.";
    MINUTES_AGO "{} min. ago" "vor {} Min.";
    HOURS_AGO "{} hr. ago" "vor {} Std.";
    IN_SECONDS "in {} sec." "in {} Sek.";
    IN_MINUTES "in {} min." "in {} Min.";
    IN_HOURS "in {} hr." "in {} Std.";
    ANY_TIME "Any time" "Jederzeit";
    LAST_HOUR "Last hour" "Letzte Stunde";
    LAST_DAY "Last 24 hours" "Letzte 24 Stunden";
    LAST_WEEK "Last 7 days" "Letzte 7 Tage";
    LAST_TWO_WEEKS "Last 14 days" "Letzte 14 Tage";
    LAST_MONTH "Last 30 days" "Letzte 30 Tage";

    // Subscriptions.
    SUBSCRIPTIONS_LEAD "Where events are sent, and how it goes." "Wohin Ereignisse gesendet werden, und wie es läuft.";
    ADD_SUBSCRIPTION "Add subscription" "Abonnement anlegen";
    EDIT_SUBSCRIPTION "Edit subscription" "Abonnement bearbeiten";
    NO_SUBSCRIPTIONS "No subscriptions yet" "Noch keine Abonnements";
    NO_SUBSCRIPTIONS_HINT "A subscription sends events to a URL of yours, as soon as they happen." "Ein Abonnement sendet Ereignisse an eine URL von Ihnen, sobald sie geschehen.";
    ANY_STATE "Any state" "Jeder Zustand";
    ACTIVE "Active" "Aktiv";
    PAUSED "Paused" "Angehalten";
    GONE "Gone" "Nicht mehr da";
    FAILING "Switched off" "Abgeschaltet";
    RETIRED "Retired" "Zurückgezogen";
    UNVERIFIED "Not verified" "Nicht bestätigt";
    REFUSED "Refused" "Abgelehnt";
    DISABLED "Disabled by its target" "Vom Ziel abgeschaltet";
    EXPIRED "Expired" "Abgelaufen";
    UNVERIFIED_NOTE "The target has not yet proved that it wants the events. They are kept for it until it has." "Das Ziel hat noch nicht bestätigt, dass es die Ereignisse haben will. Bis dahin werden sie aufgehoben.";
    REFUSED_NOTE "The target has said that it does not want the events." "Das Ziel hat erklärt, dass es die Ereignisse nicht haben will.";
    DISABLED_NOTE "Switched off, because the target asked for it in an answer. Events are not kept for it." "Abgeschaltet, weil das Ziel in einer Antwort darum gebeten hat. Ereignisse werden nicht aufgehoben.";
    EXPIRED_NOTE "Its time is over: it was made for a while. Events are not kept for it." "Seine Zeit ist vorbei: es war befristet. Ereignisse werden nicht aufgehoben.";
    LAST_ATTEMPTS "Last attempts" "Letzte Versuche";
    LAST_ANSWER "Last answer" "Letzte Antwort";
    NO_ATTEMPTS "No attempts yet" "Noch keine Versuche";
    OUTCOMES "Last attempts: {}, failed: {}" "Letzte Versuche: {}, gescheitert: {}";
    DURATIONS "Last attempts: {}. The longest took {}. Failed, marked with a cross: {}." "Letzte Versuche: {}. Der längste dauerte {}. Gescheitert, mit einem Kreuz: {}.";
    HEALTH "Health" "Befinden";
    NO_ATTEMPTS_YET "No request was made yet. Send a test to see whether the target answers." "Es wurde noch nichts gesendet. Ein Test zeigt, ob das Ziel antwortet.";
    RECENT_DELIVERIES "Recent deliveries" "Neueste Zustellungen";
    ALL_DELIVERIES "All deliveries to this target" "Alle Zustellungen an dieses Ziel";
    NO_DELIVERIES_YET "Nothing was sent to it yet." "Es wurde noch nichts dorthin gesendet.";
    SEND_TEST "Send a test" "Test senden";
    SEND_AGAIN "Send again" "Erneut senden";
    EDIT "Edit" "Bearbeiten";
    PAUSE "Pause" "Anhalten";
    RESUME "Resume" "Fortsetzen";
    ROTATE "New secret" "Neues Geheimnis";
    REMOVE "Remove" "Entfernen";
    PAUSED_NOTE "Paused. Events are kept, and delivered once you resume." "Angehalten. Ereignisse werden aufgehoben und nach dem Fortsetzen zugestellt.";
    GONE_NOTE "Switched off, because the target answered 410 (Gone). Events are not kept for it. Resume when it is back." "Abgeschaltet, weil das Ziel 410 (Gone) geantwortet hat. Ereignisse werden nicht aufgehoben. Setzen Sie fort, wenn es wieder da ist.";
    FAILING_NOTE "Switched off, because nothing succeeded for too long. Mend the target, resume, then send again what failed." "Abgeschaltet, weil zu lange nichts gelang. Bringen Sie das Ziel in Ordnung, setzen Sie fort, und senden Sie erneut, was gescheitert ist.";
    RETIRED_NOTE "The configuration no longer has this subscription. Its history is kept." "Die Konfiguration enthält dieses Abonnement nicht mehr. Sein Verlauf bleibt.";
    FAILURES_NOTE "Attempts that have failed in a row: {}. When this goes on, the subscription is switched off." "Nacheinander gescheiterte Versuche: {}. Bleibt es dabei, wird das Abonnement abgeschaltet.";
    FIRST_FAILURE "The first failed" "Der erste scheiterte";
    STATIC_KEY "Key in the configuration" "Schlüssel in der Konfiguration";
    DIALECT "Dialect" "Dialekt";
    HEADERS "Headers" "Header";
    VALUES_HIDDEN "Values are never shown." "Werte werden nie gezeigt.";
    LABELS "Labels" "Etiketten";
    RATE_LIMIT "Rate limit" "Höchstrate";
    PER_SECOND "{} a second" "{} pro Sekunde";
    CONCURRENCY "Concurrent requests" "Gleichzeitige Anfragen";
    CREATED "Created" "Angelegt";
    CHANGED "Changed" "Geändert";
    REMOVE_QUESTION "Remove this subscription?" "Dieses Abonnement entfernen?";
    REMOVE_NOTE "What waits for it is cancelled, and nothing more is sent. This cannot be undone." "Was darauf wartet, wird abgebrochen, und nichts wird mehr gesendet. Das lässt sich nicht rückgängig machen.";
    REMOVE_FOR_GOOD "Remove it for good" "Endgültig entfernen";

    // The form.
    TARGET_HINT "Where requests go: an HTTPS URL that answers 2xx." "Wohin gesendet wird: eine HTTPS-URL, die mit 2xx antwortet.";
    OWNER_HINT "Whose subscription it will be." "Wem das Abonnement gehören wird.";
    DESCRIPTION "Description" "Beschreibung";
    DESCRIPTION_HINT "For people; optional." "Für Menschen; freiwillig.";
    ALL_EVENTS "All events, also those that come later" "Alle Ereignisse, auch künftige";
    CHOSEN_EVENTS "Only these" "Nur diese";
    SEARCH_EVENTS "Search events" "Ereignisse suchen";
    OTHER_EVENTS "Other" "Weitere";
    PATTERNS "Patterns" "Muster";
    PATTERNS_HINT "Such as payment.* for everything below payment, separated by blanks; optional." "Etwa payment.* für alles unter payment, durch Leerzeichen getrennt; freiwillig.";
    DEPRECATED "deprecated" "veraltet";
    MORE_HEADERS "Headers for your receiver" "Header für Ihren Empfänger";
    HEADERS_HINT "One a line, as in authorization: Bearer abc. Values are stored and never shown again." "Einer pro Zeile, etwa authorization: Bearer abc. Werte werden gespeichert und nie wieder gezeigt.";
    HEADERS_KEPT "Leave it empty to keep what is stored; what you write replaces all of it:" "Leer lassen behält das Gespeicherte; was Sie schreiben, ersetzt alles davon:";
    NOT_SAVED "Not saved." "Nicht gespeichert.";
    OVERTAKEN "It was changed in the meantime, in another tab or by another person. Below is what you wrote: save again to put it in place of the other change." "Es wurde inzwischen geändert, in einem anderen Tab oder von einer anderen Person. Unten steht, was Sie geschrieben haben: erneutes Speichern ersetzt die andere Änderung.";

    // Secrets.
    SECRET_TITLE "Your signing secret" "Ihr Signaturgeheimnis";
    SECRET_ONCE "Copy it now: it is shown this once and cannot be read again." "Kopieren Sie es jetzt: es wird nur dieses eine Mal gezeigt.";
    SECRET_KEPT "I have stored it" "Ich habe es gespeichert";
    NO_SECRET "Requests of this subscription are not signed, so there is no secret." "Anfragen dieses Abonnements werden nicht signiert, darum gibt es kein Geheimnis.";
    RECIPE "Check signatures" "Signaturen prüfen";
    RECIPE_LEAD "Each request is signed as Standard Webhooks says. Refuse what does not verify." "Jede Anfrage ist nach Standard Webhooks signiert. Weisen Sie ab, was sich nicht prüfen lässt.";
    RECIPE_MORE "More in the documentation" "Mehr in der Dokumentation";
    ROTATE_NOTE "Makes a new secret and shows it once. Until the time below has passed, requests carry signatures of both, so that you can change over." "Erzeugt ein neues Geheimnis und zeigt es einmal. Bis die Frist unten vorbei ist, tragen Anfragen Signaturen von beiden, damit Sie umstellen können.";
    GRACE "The old secret signs for" "Das alte Geheimnis signiert noch";
    GRACE_NONE "No longer: it has leaked" "Nicht mehr: es ist bekannt geworden";
    GRACE_HOUR "One hour" "Eine Stunde";
    GRACE_DAY "One day" "Einen Tag";
    GRACE_WEEK "One week" "Eine Woche";
    MAKE_SECRET "Make a new secret" "Neues Geheimnis erzeugen";

    // Deliveries.
    DELIVERIES_LEAD "What was sent where, and what came back." "Was wohin gesendet wurde, und was zurückkam.";
    NO_DELIVERIES "No deliveries" "Keine Zustellungen";
    NO_DELIVERIES_HINT "They appear when an event happens that a subscription wants." "Sie erscheinen, sobald ein Ereignis geschieht, das ein Abonnement haben will.";
    DELIVERED "Delivered" "Zugestellt";
    FAILED "Failed" "Gescheitert";
    PENDING "Waiting" "Wartet";
    SENDING "Sending" "Wird gesendet";
    CANCELLED "Cancelled" "Abgebrochen";
    SENT "Sent" "Gesendet";
    MORE_FILTERS "More filters" "Weitere Filter";
    SUBSCRIPTION_ID "Subscription (id)" "Abonnement (Id)";
    FROM_UTC "From (UTC)" "Von (UTC)";
    UNTIL_UTC "Until (UTC)" "Bis (UTC)";
    ATTEMPTS "Attempts" "Versuche";
    SUBSCRIPTION_REMOVED "a removed subscription" "ein entferntes Abonnement";
    NO_ANSWER_YET "none yet" "noch keine";
    ERROR_TIMEOUT "Timed out" "Zeitüberschreitung";
    ERROR_HOST "Host not found" "Host nicht gefunden";
    ERROR_CONNECT "No connection" "Keine Verbindung";
    ERROR_TLS "TLS failed" "TLS gescheitert";
    ERROR_EXCHANGE "Broken off" "Abgerissen";
    ERROR_REQUEST "Not sent" "Nicht gesendet";
    DELIVERY "Delivery" "Zustellung";
    TO "To" "An";
    DELIVERED_NOTE "The target accepted it." "Das Ziel hat es angenommen.";
    GIVEN_UP "Given up; attempts made: {}. When the target is mended, retry." "Aufgegeben; Versuche: {}. Senden Sie erneut, wenn das Ziel in Ordnung ist.";
    NEXT_TRY "The next attempt is made" "Der nächste Versuch folgt";
    ON_ITS_WAY "On its way: the first attempt is made in a moment." "Unterwegs: der erste Versuch folgt gleich.";
    CANCELLED_NOTE "Given up before the end of its attempts: on request, because it expired, or because the subscription was removed." "Vor dem letzten Versuch aufgegeben: auf Wunsch, weil es abgelaufen ist, oder weil das Abonnement entfernt wurde.";
    RETRY "Retry now" "Jetzt erneut senden";
    CANCEL "Give up" "Aufgeben";
    TIMELINE "What happened" "Was geschah";
    EVENT_HAPPENED "The event happened" "Das Ereignis geschah";
    ATTEMPT_N "Attempt {}" "Versuch {}";
    NEXT_ATTEMPT "Next attempt" "Nächster Versuch";
    ANY_ANSWER "Any answer" "Jede Antwort";
    NO_ANSWER "No answer" "Keine Antwort";
    TOOK "after {}" "nach {}";
    ANSWER "Answer" "Antwort";
    DURATION "Duration" "Dauer";
    RESPONSE_BODY "The answer's body" "Inhalt der Antwort";
    NO_RESPONSE_BODY "The answer had no body, or it is no longer kept." "Die Antwort hatte keinen Inhalt, oder er wird nicht mehr aufbewahrt.";
    BODIES_HIDDEN "Payloads and answers are hidden from you." "Inhalte und Antworten sind für Sie verborgen.";
    REQUEST "The request" "Die Anfrage";
    TIME_OF_ATTEMPT "the time of the attempt" "die Zeit des Versuchs";
    SIGNED_AT_ATTEMPT "made anew for each attempt, not stored" "für jeden Versuch neu, nicht gespeichert";
    MESSAGE_REMOVED "The message is no longer kept." "Die Nachricht wird nicht mehr aufbewahrt.";
    PAYLOAD_REMOVED "The payload is no longer kept." "Der Inhalt wird nicht mehr aufbewahrt.";
    DELIVERY_ID "Delivery id" "Id der Zustellung";
    MESSAGE_ID "Message id" "Id der Nachricht";
    DELIVERIES_OF_MESSAGE "all deliveries of this message" "alle Zustellungen dieser Nachricht";
    MESSAGE_LEAD "All deliveries of the message" "Alle Zustellungen der Nachricht";
    EXPIRES "Expires" "Läuft ab";
    BYTES "{} bytes" "{} Bytes";
    AS_FILE "Save as a file" "Als Datei speichern";
    AS_STORED "As stored" "Wie gespeichert";
    CUT "The first {} bytes are shown." "Die ersten {} Bytes werden gezeigt.";
    NOT_TEXT "This is not text; in hexadecimal:" "Das ist kein Text; hexadezimal:";

    // Why an attempt failed, and what to do.
    WHY_REDIRECT "The target answered {}: a redirect, which is not followed." "Das Ziel hat {} geantwortet: eine Weiterleitung, der nicht gefolgt wird.";
    DO_REDIRECT "Enter the final URL as the target." "Tragen Sie die endgültige URL als Ziel ein.";
    WHY_REFUSED "The target answered {}: it does not let us in." "Das Ziel hat {} geantwortet: es lässt uns nicht ein.";
    DO_REFUSED "Check its credentials and firewall, and whether it verifies signatures with the current secret." "Prüfen Sie Zugangsdaten und Firewall, und ob es Signaturen mit dem aktuellen Geheimnis prüft.";
    WHY_NOT_FOUND "The target answered {}: it has nothing at this path for this method." "Das Ziel hat {} geantwortet: unter diesem Pfad gibt es nichts für diese Methode.";
    DO_NOT_FOUND "Check the path of the URL, and that the route takes POST." "Prüfen Sie den Pfad der URL, und dass die Route POST annimmt.";
    WHY_GONE "The target answered {} (Gone), which ends the subscription." "Das Ziel hat {} (Gone) geantwortet, was das Abonnement beendet.";
    DO_GONE "Resume it when the target is back." "Setzen Sie es fort, wenn das Ziel wieder da ist.";
    WHY_LARGE "The target answered {}: the body is too large for it." "Das Ziel hat {} geantwortet: der Inhalt ist ihm zu groß.";
    DO_LARGE "Raise the limit of your server or proxy." "Erhöhen Sie die Grenze Ihres Servers oder Proxys.";
    WHY_BUSY "The target answered {}: it wants fewer requests." "Das Ziel hat {} geantwortet: es will weniger Anfragen.";
    DO_BUSY "We slow down and try again by ourselves." "Wir senden langsamer und versuchen es von selbst erneut.";
    WHY_REJECTED "The target answered {}: it rejects the request." "Das Ziel hat {} geantwortet: es weist die Anfrage ab.";
    DO_REJECTED "The body of its answer often says why." "Der Inhalt seiner Antwort sagt oft, warum.";
    WHY_GATEWAY "The target answered {}: its proxy reaches no server behind it." "Das Ziel hat {} geantwortet: sein Proxy erreicht keinen Server dahinter.";
    DO_GATEWAY "Check that the application behind the proxy runs." "Prüfen Sie, ob die Anwendung hinter dem Proxy läuft.";
    WHY_SERVER "The target answered {}: its application failed." "Das Ziel hat {} geantwortet: seine Anwendung ist gescheitert.";
    DO_SERVER "Its log at the time of the attempt says why." "Ihr Protokoll zur Zeit des Versuchs sagt, warum.";
    WHY_ODD "The target answered {}, which is not a success." "Das Ziel hat {} geantwortet, was kein Erfolg ist.";
    DO_ODD "Answer with a status from 200 to 299." "Antworten Sie mit einem Status von 200 bis 299.";
    WHY_TIMEOUT "The target did not answer in time." "Das Ziel hat nicht rechtzeitig geantwortet.";
    DO_TIMEOUT "Answer first, and do the work afterwards." "Antworten Sie zuerst, und arbeiten Sie danach.";
    WHY_HOST "The name of the target was not found, or leads to an address that is not allowed." "Der Name des Ziels wurde nicht gefunden, oder er führt zu einer Adresse, die nicht erlaubt ist.";
    DO_HOST "Check the host of the URL and its DNS records: it must be reachable from the internet." "Prüfen Sie den Host der URL und seine DNS-Einträge: er muss aus dem Internet erreichbar sein.";
    WHY_CONNECT "No connection could be made to the target." "Zum Ziel kam keine Verbindung zustande.";
    DO_CONNECT "Check that the server runs, the port is right and the firewall lets us in." "Prüfen Sie, ob der Server läuft, der Port stimmt und die Firewall uns einlässt.";
    WHY_TLS "The target's certificate was not accepted." "Das Zertifikat des Ziels wurde nicht anerkannt.";
    DO_TLS "Check its name, its date, and that the server sends the whole chain." "Prüfen Sie Namen und Datum, und dass der Server die ganze Kette sendet.";
    WHY_EXCHANGE "The connection broke off before there was an answer." "Die Verbindung riss ab, bevor es eine Antwort gab.";
    DO_EXCHANGE "Check whether the server or a proxy in front of it closes connections early." "Prüfen Sie, ob der Server oder ein Proxy davor Verbindungen zu früh schließt.";
    WHY_REQUEST "The request could not be made." "Die Anfrage konnte nicht gestellt werden.";
    DO_REQUEST "Check the target and the headers of the subscription." "Prüfen Sie Ziel und Header des Abonnements.";

    // Events.
    EVENTS_LEAD "What can happen, and be subscribed to." "Was geschehen und abonniert werden kann.";
    EVENTS_ELSEWHERE "This program looks at the application's database and does not know its events; the application's own documentation lists them." "Dieses Programm sieht nur die Datenbank der Anwendung und kennt ihre Ereignisse nicht; die Dokumentation der Anwendung nennt sie.";
    NO_EVENTS "There are no events." "Es gibt keine Ereignisse.";
    REPLACED_BY "It will go away; take" "Es verschwindet; nehmen Sie";
    SUBSCRIBE_TO "Subscribe to it" "Abonnieren";
    ITS_DELIVERIES "Its deliveries" "Seine Zustellungen";
    EXAMPLE "Example" "Beispiel";
    SCHEMA "Schema" "Schema";
    NO_PAYLOAD "It has no payload." "Es hat keinen Inhalt.";

    // What a form has done.
    DONE_CHANGED "Saved. It takes effect from the next attempt on." "Gespeichert. Es gilt ab dem nächsten Versuch.";
    DONE_PAUSED "Paused." "Angehalten.";
    DONE_RESUMED "It is active. To deliver what failed meanwhile, send it again." "Es ist aktiv. Um zuzustellen, was inzwischen gescheitert ist, senden Sie es erneut.";
    DONE_REMOVED "The subscription was removed." "Das Abonnement wurde entfernt.";
    DONE_TESTED "The test is on its way." "Der Test ist unterwegs.";
    DONE_RETRIED "It is tried again now." "Es wird jetzt erneut versucht.";
    DONE_CANCELLED "It was given up." "Es wurde aufgegeben.";

    // Problems.
    SIGN_IN "Please sign in" "Bitte melden Sie sich an";
    SIGN_IN_HINT "Open this page from the application, or by a new link." "Öffnen Sie diese Seite aus der Anwendung, oder mit einem neuen Link.";
    SENT_BEFORE "This form was sent before" "Dieses Formular wurde schon gesendet";
    SENT_BEFORE_HINT "Nothing was done a second time." "Nichts wurde ein zweites Mal getan.";
    FORM_EXPIRED "This form is no longer valid" "Dieses Formular gilt nicht mehr";
    FORM_EXPIRED_HINT "Nothing was changed. Open the page again and repeat it; cookies must be allowed." "Nichts wurde geändert. Öffnen Sie die Seite neu und wiederholen Sie es; Cookies müssen erlaubt sein.";
    MAY_NOT "You may not do this" "Das dürfen Sie nicht";
    MAY_NOT_HINT "Ask the people who gave you access." "Fragen Sie die, von denen Sie den Zugang haben.";
    NOT_FOUND "There is no such page" "Diese Seite gibt es nicht";
    NOT_FOUND_HINT "What it showed was removed, is no longer kept, or never existed." "Was sie zeigte, wurde entfernt, wird nicht mehr aufbewahrt, oder es gab es nie.";
    CANNOT_NOW "That cannot be done now" "Das geht jetzt nicht";
    CANNOT_NOW_HINT "Nothing was changed." "Nichts wurde geändert.";
    NOT_UNDERSTOOD "That was not understood" "Das war nicht zu verstehen";
    NOT_UNDERSTOOD_HINT "Go back, correct it, and send it again." "Gehen Sie zurück, berichtigen Sie es, und senden Sie es erneut.";
    TOO_LARGE "That was too much" "Das war zu viel";
    TOO_LARGE_HINT "Send less." "Senden Sie weniger.";
    UNAVAILABLE "Not available at the moment" "Im Moment nicht erreichbar";
    UNAVAILABLE_HINT "Try again in a moment." "Versuchen Sie es gleich noch einmal.";
    BROKEN "Something went wrong" "Etwas ist schiefgegangen";
    BROKEN_HINT "It is in the service's log. Try again later." "Es steht im Protokoll des Dienstes. Versuchen Sie es später noch einmal.";
    TO_SUBSCRIPTIONS "To the subscriptions" "Zu den Abonnements";

    // Activity.
    ACTIVITY "Activity" "Aktivität";
    ACTIVITY_LEAD "Who changed what, and what goes on in the background." "Wer was geändert hat, und was im Hintergrund läuft.";
    JOBS "In the background" "Im Hintergrund";
    JOB "Work in the background" "Arbeit im Hintergrund";
    JOB_REPLAY "Sending again" "Erneutes Senden";
    JOB_MESSAGE_REPLAY "Sending a message again" "Erneutes Senden einer Nachricht";
    JOB_RETRY "Trying again" "Erneute Versuche";
    JOB_ERASURE "Erasing" "Löschen";
    JOB_RESEAL "Changing the sealing key" "Wechsel des Schlüssels";
    JOB_RUNNING "Running" "Läuft";
    JOB_FINISHED "Finished" "Fertig";
    DRY_RUN "(counted only)" "(nur gezählt)";
    DONE "Done" "Erledigt";
    ENDED "Ended" "Beendet";
    STOP "Stop it" "Beenden";
    DONE_STOPPED "It was stopped; what was done stays done." "Es wurde beendet; was getan ist, bleibt getan.";
    SUBSCRIPTION "Subscription" "Abonnement";
    CHANGES "Changes" "Änderungen";
    NO_CHANGES "Nothing was changed yet." "Noch wurde nichts geändert.";
    ACTION "What" "Was";
    SUBJECT "Of what" "Wovon";
    ACTOR "By whom" "Von wem";
    APPLICATION "the application" "die Anwendung";
    DIFFERENCE "What was different" "Was anders war";
    BEFORE "Before" "Vorher";
    AFTER "After" "Nachher";
    BEGIN "From" "Ab";
    WAITING_NOW "Waiting now: {}" "Warten jetzt: {}";

    // Links.
    OPEN_TITLE "Open the portal" "Portal öffnen";
    OPEN_HINT "This link works once. It opens a session in this browser." "Dieser Link gilt einmal. Er öffnet eine Sitzung in diesem Browser.";
    OPEN_BUTTON "Open" "Öffnen";
    LINK_OVER "This link is no longer valid" "Dieser Link gilt nicht mehr";
    LINK_OVER_HINT "It was used before, is too old, or was taken back. Ask for a new one." "Er wurde schon benutzt, ist zu alt oder wurde zurückgenommen. Bitten Sie um einen neuen.";
    SIGN_OUT "Sign out" "Abmelden";
    LEFT_TITLE "You are signed out" "Sie sind abgemeldet";
    LEFT_HINT "You can close this page." "Sie können diese Seite schließen.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_the_same_values_in_every_language() {
        let parts = [
            ALL,
            credentials::ALL,
            fetching::ALL,
            metrics::ALL,
            redelivery::ALL,
            running::ALL,
            trying::ALL,
        ];
        for (name, text) in parts.into_iter().flatten() {
            let counts = Language::ALL.map(|language| text.of(language).matches("{}").count());
            assert!(counts.iter().all(|count| *count == counts[0]), "{name}");
            assert!(
                Language::ALL
                    .iter()
                    .all(|language| !text.of(*language).is_empty()),
                "{name}"
            );
        }
    }
}
