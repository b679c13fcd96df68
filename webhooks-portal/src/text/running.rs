//! The texts of the operator's pages.

use super::Text;

texts! {
    // The operator's pages.
    FIND "Find" "Finden";
    FIND_HINT "An id of a subscription, delivery or message, an event, or an owner." "Die Id eines Abonnements, einer Zustellung oder Nachricht, ein Ereignis oder ein Inhaber.";
    FIND_BUTTON "Go" "Los";
    READY "Ready" "Bereit";
    OLDEST "Oldest ready" "Älteste bereite";
    SCHEDULED "Scheduled" "Geplant";
    HELD "Held back" "Zurückgehalten";
    FLOW "The newest deliveries" "Die neuesten Zustellungen";
    WHO_FILLS "Who fills the queue" "Wer die Warteschlange füllt";
    WHAT_FAILS "What fails, and why" "Was scheitert, und warum";
    SWITCHED_OFF "Switched off" "Abgeschaltet";
    OF_NEWEST "Of the newest {}." "Von den neuesten {}.";
    MEDIAN "Median duration" "Mittlere Dauer";
    WAITING "Waiting" "Warten";
    SHARE "Share" "Anteil";
    CAUSE "Cause" "Ursache";
    NOTHING_WAITS "Nothing waits." "Nichts wartet.";
    NOTHING_FAILS "Nothing failed." "Nichts ist gescheitert.";

    // All owners.
    OWNERS "Owners" "Inhaber";
    OWNERS_LEAD "Who has subscriptions, and what waits for them." "Wer Abonnements hat, und was darauf wartet.";
    NO_OWNERS "There are no subscriptions." "Es gibt keine Abonnements.";
    INACTIVE "Paused or off" "Angehalten oder aus";

    // How the service runs.
    SERVICE "Service" "Dienst";
    SERVICE_LEAD "What makes the deliveries, and by which settings." "Was die Zustellungen macht, und nach welchen Einstellungen.";
    ALL_DELIVERIES "All deliveries" "Alle Zustellungen";
    NOT_PAUSED "They are made." "Sie werden gemacht.";
    PAUSE_ALL "Hold all back" "Alle zurückhalten";
    PAUSE_ALL_QUESTION "Hold all deliveries back?" "Alle Zustellungen zurückhalten?";
    PAUSE_ALL_NOTE "Of all owners. What is sent is accepted and kept, and nothing is requested until you let it go on. It stands in the activity." "Die aller Inhaber. Was gesendet wird, wird angenommen und aufgehoben, und nichts wird angefragt, bis Sie es weitergehen lassen. Es steht in der Aktivität.";
    PAUSE_ALL_NOW "Hold all deliveries back" "Alle Zustellungen zurückhalten";
    PAUSED_ALL "All deliveries are held back, since {}." "Alle Zustellungen werden zurückgehalten, seit {}.";
    PAUSED_BY "By {}." "Von {}.";
    RESUME_ALL "Let them go on" "Weitergehen lassen";
    DONE_PAUSED_ALL "All deliveries are held back." "Alle Zustellungen werden zurückgehalten.";
    DONE_RESUMED_ALL "Deliveries go on." "Die Zustellungen gehen weiter.";
    PROCESSES "Processes" "Prozesse";
    PROCESSES_NOTE "Subscriptions are spread over 256 slots, and each slot is the work of one process." "Abonnements sind auf 256 Plätze verteilt, und jeder Platz ist die Arbeit eines Prozesses.";
    NO_PROCESSES "No process makes deliveries at this moment." "In diesem Augenblick macht kein Prozess Zustellungen.";
    PROCESS "Process" "Prozess";
    THIS_PROCESS "this one" "dieser";
    SLOTS "Slots" "Plätze";
    CAPACITY "Capacity" "Leistung";
    ALIVE "Works" "Arbeitet";
    DEAD "Lease is over" "Frist ist vorbei";
    FREE_SLOTS "{} of 256 slots have no process: what is in them waits." "{} von 256 Plätzen haben keinen Prozess: was darin ist, wartet.";
    KEYS "Sealing keys" "Schlüssel für Geheimnisse";
    KEYS_NOTE "The ids of the keys with which secrets are encrypted at rest." "Die Ids der Schlüssel, mit denen Geheimnisse verschlüsselt gespeichert sind.";
    NO_KEYS "No secret is stored." "Es ist kein Geheimnis gespeichert.";
    KEY "Key" "Schlüssel";
    NOT_SEALED "not encrypted" "nicht verschlüsselt";
    SEALS_NOW "Seals now" "Verschlüsselt jetzt";
    OPENS "Only opens" "Öffnet nur";
    KEY_MISSING "Missing here" "Fehlt hier";
    STATICS "Static subscriptions" "Statische Abonnements";
    STATICS_NOTE "Those of the configuration, compared with what this process was started with." "Die der Konfiguration, verglichen mit dem, womit dieser Prozess gestartet wurde.";
    STATICS_NOT_COMPARED "This process was started without any, so it knows of no difference." "Dieser Prozess wurde ohne welche gestartet und kennt darum keinen Unterschied.";
    NO_STATICS "There are none." "Es gibt keine.";
    DRIFT "Differs" "Weicht ab";
    NO_DRIFT "As configured" "Wie konfiguriert";
    DRIFT_MISSING "not stored" "nicht gespeichert";
    DRIFT_NOT_CONFIGURED "not configured here" "hier nicht konfiguriert";
    DRIFT_RETIRED "retired" "zurückgezogen";
    DRIFT_OWNER "owner" "Inhaber";
    DRIFT_TARGET "target" "Ziel";
    DRIFT_SETTINGS "settings" "Einstellungen";
    DRIFT_SECRETS "secrets" "Geheimnisse";
    DRIFT_UNREADABLE "cannot be read here" "hier nicht lesbar";
    RETENTION "How long things are kept" "Wie lange etwas aufbewahrt wird";
    KEPT_MESSAGES "Messages and their deliveries" "Nachrichten und ihre Zustellungen";
    KEPT_PAYLOADS "Payloads" "Inhalte";
    KEPT_ATTEMPTS "Earlier attempts" "Frühere Versuche";
    KEPT_ANSWERS "Answers" "Antworten";
    KEPT_AUDIT "Activity" "Aktivität";
    DAYS "{} days" "{} Tage";
    HOURS "{} hours" "{} Stunden";
    SECONDS "{} seconds" "{} Sekunden";
}
