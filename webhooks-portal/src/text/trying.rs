//! The texts of what customers try: a test of their own, a target before it is saved, a log that goes on by itself.

use super::Text;

texts! {
    TEST_EVENT "Send an example" "Beispiel senden";
    TEST_LEAD "Sends an example of an event to this target, now, whichever events it wants. Edit it as you like." "Sendet jetzt ein Beispiel eines Ereignisses an dieses Ziel, welche Ereignisse es auch haben will. Ändern Sie es, wie Sie möchten.";
    TEST_SHOW "Show its example" "Beispiel zeigen";
    TEST_PAYLOAD "Payload (JSON)" "Inhalt (JSON)";
    TEST_PAYLOAD_HINT "It must fit the schema of the event." "Er muss zum Schema des Ereignisses passen.";
    TEST_SEND "Send it" "Senden";
    NOT_SENT "Not sent." "Nicht gesendet.";
    NOT_JSON "This is not JSON: line {}, column {}." "Das ist kein JSON: Zeile {}, Spalte {}.";
    CHECK_TARGET "Check the target" "Ziel prüfen";
    TARGET_ACCEPTED "It would be accepted. Nothing was sent to it." "Es würde angenommen. Es wurde nichts dorthin gesendet.";
    TARGET_REFUSED "It would be refused:" "Es würde abgelehnt:";
    RELOAD "Reload" "Neu laden";
    FOLLOW "Follow live" "Live verfolgen";
    FOLLOWING "Following; stop" "Wird verfolgt; beenden";
    ITS_REQUEST "its request" "seine Anfrage";
    REQUEST_OF "The request of attempt {}" "Die Anfrage von Versuch {}";
    REQUEST_CERTAIN "Made once more from what is stored, as it was sent: headers and signatures are not kept." "Noch einmal erzeugt aus dem, was gespeichert ist, so wie gesendet: Header und Signaturen werden nicht aufbewahrt.";
    REQUEST_UNCERTAIN "Made once more from what is stored. The subscription was changed after the attempt, so target, headers or signature may have been others." "Noch einmal erzeugt aus dem, was gespeichert ist. Das Abonnement wurde nach dem Versuch geändert; Ziel, Header oder Signatur können andere gewesen sein.";
    HIDDEN_VALUE "a credential, not shown" "Zugangsdaten, nicht gezeigt";
}
