//! The texts of what customers try: a test of their own, a target before it is saved, a log that goes on by itself.

use super::Text;

texts! {
    TEST_EVENT "Send an example" "Beispiel senden";
    TEST_LEAD "Sends an example of an event to this target now, even if the subscription does not name that event. Edit it as you like." "Sendet jetzt ein Beispiel eines Ereignisses an dieses Ziel, auch wenn das Abonnement das Ereignis nicht nennt. Ändern Sie es, wie Sie möchten.";
    TEST_SHOW "Show its example" "Beispiel zeigen";
    TEST_PAYLOAD "Payload (JSON)" "Inhalt (JSON)";
    TEST_PAYLOAD_HINT "It must fit the schema of the event." "Er muss zum Schema des Ereignisses passen.";
    TEST_SEND "Send it" "Senden";
    NOT_SENT "Not sent." "Nicht gesendet.";
    NOT_JSON "This is not JSON: line {}, column {}." "Das ist kein JSON: Zeile {}, Spalte {}.";
    CHECK_TARGET "Check the target" "Ziel prüfen";
    TARGET_ACCEPTED "This target would be accepted. Nothing was sent to it." "Dieses Ziel würde angenommen. Es wurde nichts dorthin gesendet.";
    TARGET_REFUSED "This target would be refused:" "Dieses Ziel würde abgelehnt:";
    RELOAD "Reload" "Neu laden";
    FOLLOW "Follow live" "Live verfolgen";
    FOLLOWING "Following; stop" "Wird verfolgt; beenden";
    ITS_REQUEST "its request" "seine Anfrage";
    REQUEST_OF "The request of attempt {}" "Die Anfrage von Versuch {}";
    REQUEST_CERTAIN "Rebuilt from what is stored, exactly as it was sent. Headers and signatures themselves are not stored." "Aus dem Gespeicherten neu gebildet, genau wie gesendet. Header und Signaturen selbst werden nicht gespeichert.";
    REQUEST_UNCERTAIN "Rebuilt from what is stored. The subscription was changed after the attempt, so target, headers and signature may differ from what was sent." "Aus dem Gespeicherten neu gebildet. Das Abonnement wurde nach dem Versuch geändert; Ziel, Header und Signatur können vom Gesendeten abweichen.";
    HIDDEN_VALUE "a credential, not shown" "Zugangsdaten, nicht gezeigt";
}
