//! The texts of subscriptions whose messages are fetched instead of sent.

use super::Text;

texts! {
    FETCHED "Fetched by the receiver" "Wird vom Empfänger abgeholt";
    ERROR_UNFETCHED "Not fetched" "Nicht abgeholt";
    WHY_UNFETCHED "The message was not fetched in time." "Die Nachricht wurde nicht rechtzeitig abgeholt.";
    DO_UNFETCHED "Send it again, and fetch it." "Senden Sie sie erneut, und holen Sie sie ab.";
    ACKNOWLEDGED "Acknowledged" "Bestätigt";

    // The form.
    FETCH_INSTEAD "No URL that we can reach? Fetch the messages instead." "Keine URL, die wir erreichen? Holen Sie die Nachrichten stattdessen ab.";
    SEND_INSTEAD "Have the messages sent to a URL instead." "Lassen Sie die Nachrichten stattdessen an eine URL senden.";
    FETCH_LEAD "The messages wait here until your program asks for them over the API. Nothing is sent anywhere, so it works behind a firewall." "Die Nachrichten warten hier, bis Ihr Programm sie über die API abholt. Nichts wird irgendwohin gesendet; es geht also auch hinter einer Firewall.";

    // The page of the subscription.
    HOW_TO_FETCH "How to fetch its messages" "So werden die Nachrichten abgeholt";
    ASK "Ask for the oldest messages that are not acknowledged. With wait, the answer comes as soon as there is one, at the latest after so many seconds:" "Fragen Sie nach den ältesten Nachrichten, die nicht bestätigt sind. Mit wait kommt die Antwort, sobald es eine gibt, spätestens nach so vielen Sekunden:";
    ACKNOWLEDGE "Each message of the answer has a receipt. Send the receipts of those that you have handled with the next question. Until then each message comes again, in the same order:" "Jede Nachricht der Antwort hat eine Quittung (receipt). Senden Sie die Quittungen der Nachrichten, die Sie verarbeitet haben, mit der nächsten Frage. Bis dahin kommt jede Nachricht wieder, in derselben Reihenfolge:";
    CREDENTIALS "Use the credentials that you use for every request to the API. With \"signed\": true each message also has the headers that a request would have had, with the signature." "Verwenden Sie die Zugangsdaten, die Sie für jede Anfrage an die API verwenden. Mit \"signed\": true hat jede Nachricht auch die Header, die eine Anfrage gehabt hätte, mit der Signatur.";
    WHERE_API_IS "The path is below the address of the webhooks API." "Der Pfad liegt unter der Adresse der Webhooks-API.";
    RECIPE_LEAD "Ask with \"signed\": true. The headers of each message are then signed as Standard Webhooks says. Refuse what does not verify." "Fragen Sie mit \"signed\": true. Die Header jeder Nachricht sind dann nach Standard Webhooks signiert. Weisen Sie ab, was sich nicht prüfen lässt.";
    GIVEN_UP_UNFETCHED "What is not fetched for too long is given up. Send it again, and it waits anew." "Was zu lange nicht abgeholt wird, wird aufgegeben. Erneut gesendet, wartet es von vorn.";
    PAUSED_NOTE "Paused. Events are kept, and can be fetched once you resume." "Angehalten. Ereignisse werden aufgehoben und können nach dem Fortsetzen abgeholt werden.";
    NOTHING_FETCHED_YET "Nothing was fetched yet. Send a test, and fetch it." "Es wurde noch nichts abgeholt. Senden Sie einen Test, und holen Sie ihn ab.";
    ITS_DELIVERIES "All its deliveries" "Alle seine Zustellungen";
    TEST_LEAD "Puts an example of an event among its messages now, even if the subscription does not name that event. Edit it as you like." "Legt jetzt ein Beispiel eines Ereignisses zu den Nachrichten, auch wenn das Abonnement das Ereignis nicht nennt. Ändern Sie es, wie Sie möchten.";

    // A delivery.
    WAITS_TO_BE_FETCHED "It waits to be fetched." "Sie wartet darauf, abgeholt zu werden.";
    WAITS_SINCE "Can be fetched" "Kann abgeholt werden";
    FETCHED_NOTE "The receiver has fetched and acknowledged it." "Der Empfänger hat sie abgeholt und bestätigt.";
    PAYLOAD "The payload" "Der Inhalt";
    NO_REQUEST "No request is made for it: the receiver fetches this payload." "Dafür wird keine Anfrage gestellt: der Empfänger holt diesen Inhalt ab.";
}
