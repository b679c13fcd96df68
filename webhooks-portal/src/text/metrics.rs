//! The texts of the numbers over time.

use super::Text;

texts! {
    METRICS "Metrics" "Kennzahlen";
    METRICS_LEAD "Messages that a subscription wanted, how their deliveries ended, and how long targets took to answer. Everything counts at the time its message was sent, for as long as it is kept." "Nachrichten, die ein Abonnement haben wollte, wie ihre Zustellungen endeten, und wie lange Ziele für ihre Antwort brauchten. Alles zählt zur Zeit, zu der seine Nachricht gesendet wurde, solange es aufbewahrt wird.";
    PERIOD "Period" "Zeitraum";
    MESSAGES "Messages" "Nachrichten";
    MESSAGES_SENT "Messages sent: {}" "Gesendete Nachrichten: {}";
    DELIVERIES_ENDED "Deliveries: {} delivered, {} failed (below the line), {} cancelled" "Zustellungen: {} zugestellt, {} gescheitert (unter der Linie), {} abgebrochen";
    ATTEMPTS_MADE "Attempts: {} succeeded, {} failed (below the line)" "Versuche: {} gelungen, {} gescheitert (unter der Linie)";
    SUCCEEDED "Succeeded" "Gelungen";
    REDIRECTED "Redirected" "Umgeleitet";
    REJECTED "Rejected (4xx)" "Abgewiesen (4xx)";
    BROKEN "Broken (5xx)" "Fehler (5xx)";
    LATENCY "Time to answer" "Antwortzeit";
    LATENCY_OF "Attempts took {} on average (columns), the longest {} (thin lines)" "Versuche dauerten im Mittel {} (Säulen), der längste {} (dünne Linien)";
    AVERAGE "Average" "Mittel";
    LONGEST "Longest" "Längster";
    AT_LEAST "Of each step at most 10,000 messages, 10,000 deliveries and 20,000 attempts are counted. A + says that there were more." "Je Schritt werden höchstens 10.000 Nachrichten, 10.000 Zustellungen und 20.000 Versuche gezählt. Ein + sagt, dass es mehr waren.";
    NOTHING_SENT "Nothing was sent in this period" "In diesem Zeitraum wurde nichts gesendet";
    NOTHING_SENT_HINT "Choose a longer period. What is older than the service keeps is not counted any more." "Wählen Sie einen längeren Zeitraum. Was älter ist, als der Dienst es aufbewahrt, wird nicht mehr gezählt.";
    NOTHING_SENT_TO "No message of {} is kept from this period. Choose a longer one, or look at all owners." "Aus diesem Zeitraum ist keine Nachricht von {} aufbewahrt. Wählen Sie einen längeren, oder sehen Sie alle Inhaber an.";
    ALL_OWNERS "Of all owners" "Von allen Inhabern";
}
