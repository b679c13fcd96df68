//! The texts of what is tried or sent again.

use super::Text;

texts! {
    // Counted first.
    COUNT "Count" "Zählen";
    COUNTING "Counting. Found so far: {}." "Wird gezählt. Bisher gefunden: {}.";
    LOOK_AGAIN "Look again" "Erneut nachsehen";
    NOT_COUNTED "It could not be counted." "Es konnte nicht gezählt werden.";
    NOT_A_TIME "A time cannot be read. Write it as in 2026-11-28T12:00." "Eine Zeit ist nicht zu lesen. Schreiben Sie sie wie 2026-11-28T12:00.";

    // What a subscription did not get.
    REPLAY_NOTE "Sends once more, in the background: the same messages under the same ids, so that a receiver recognises repeats." "Sendet noch einmal, im Hintergrund: dieselben Nachrichten unter denselben Ids, damit ein Empfänger Wiederholungen erkennt.";
    WHAT "What" "Was";
    WHAT_FAILED "What failed" "Was gescheitert ist";
    WHAT_MISSED "What it missed" "Was es verpasst hat";
    WHAT_ALL "Everything again" "Alles noch einmal";
    WITHIN "Within" "Innerhalb";
    NARROWER "Exact times, or only some events" "Genaue Zeiten, oder nur einige Ereignisse";
    TIMES_NOTE "Of what failed, the time of the failure counts; of everything else, the time at which it was sent." "Bei Gescheitertem zählt die Zeit des Scheiterns, bei allem anderen die Zeit, zu der es gesendet wurde.";
    ONLY_EVENTS "Only these events" "Nur diese Ereignisse";
    REPLAY_COUNT "Deliveries that would be sent again: {}." "Zustellungen, die erneut gesendet würden: {}.";
    REPLAY_NOW "Send {} again" "{} erneut senden";
    DONE_REPLAYED "What failed is being sent again, in the background." "Was gescheitert ist, wird im Hintergrund erneut gesendet.";
    DONE_REPLAYED_MISSED "What it missed is being sent, in the background." "Was es verpasst hat, wird im Hintergrund gesendet.";
    DONE_REPLAYED_ALL "Everything is being sent again, in the background." "Alles wird im Hintergrund erneut gesendet.";

    // What the log shows.
    RETRY_FAILED "Retry what failed" "Gescheitertes erneut senden";
    RETRY_NOTE "Tries these deliveries again, in the background: the same messages under the same ids. Subscriptions that are switched off are passed over." "Versucht diese Zustellungen erneut, im Hintergrund: dieselben Nachrichten unter denselben Ids. Abgeschaltete Abonnements werden übergangen.";
    RETRY_COUNT "Failed deliveries that would be tried again: {}." "Gescheiterte Zustellungen, die erneut versucht würden: {}.";
    RETRY_NOW "Retry {} now" "{} jetzt erneut senden";
    SENT_FROM "Sent from" "Gesendet ab";
    SENT_BEFORE "Sent before" "Gesendet vor";
    OTHER_STATES "This filter leaves out what failed. Choose \"Failed\" in the log, or no state." "Dieser Filter lässt Gescheitertes aus. Wählen Sie in der Liste „Gescheitert“ oder keinen Zustand.";
    DONE_RETRYING "What failed is being tried again, in the background." "Was gescheitert ist, wird im Hintergrund erneut versucht.";
}
