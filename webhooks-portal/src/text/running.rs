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
    ALL_OF_STATE "All of state:" "Alle im Zustand:";
    OF_NEWEST "Of the newest {}." "Von den neuesten {}.";
    MEDIAN "Median duration" "Mittlere Dauer";
    WAITING "Waiting" "Wartend";
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
    SERVICE_LEAD "The processes that deliver, and their settings." "Die Prozesse, die zustellen, und ihre Einstellungen.";
    ALL_DELIVERIES "All deliveries" "Alle Zustellungen";
    NOT_PAUSED "Deliveries are running." "Zustellungen laufen.";
    PAUSE_ALL "Pause all deliveries" "Alle Zustellungen anhalten";
    PAUSE_ALL_QUESTION "Pause all deliveries?" "Alle Zustellungen anhalten?";
    PAUSE_ALL_NOTE "This concerns every owner. Messages are still accepted and kept, but no request is made until you resume. The pause is recorded in the activity." "Das betrifft alle Inhaber. Nachrichten werden weiter angenommen und aufbewahrt, aber bis zum Fortsetzen wird keine Anfrage gestellt. Die Pause wird in der Aktivität vermerkt.";
    PAUSE_ALL_NOW "Pause all deliveries now" "Jetzt alle Zustellungen anhalten";
    PAUSED_ALL "All deliveries are paused since {}." "Alle Zustellungen sind angehalten seit {}.";
    PAUSED_BY "By {}." "Von {}.";
    RESUME_ALL "Resume all deliveries" "Alle Zustellungen fortsetzen";
    DONE_PAUSED_ALL "All deliveries are paused." "Alle Zustellungen sind angehalten.";
    DONE_RESUMED_ALL "Deliveries are running again." "Zustellungen laufen wieder.";
    PROCESSES "Processes" "Prozesse";
    PROCESSES_NOTE "Subscriptions are spread over 256 slots. Each slot belongs to one process." "Abonnements sind auf 256 Plätze verteilt. Jeder Platz gehört einem Prozess.";
    NO_PROCESSES "No process is delivering at this moment." "In diesem Augenblick stellt kein Prozess zu.";
    PROCESS "Process" "Prozess";
    THIS_PROCESS "this one" "dieser";
    SLOTS "Slots" "Plätze";
    CAPACITY "Capacity" "Kapazität";
    ALIVE "Running" "Läuft";
    DEAD "Lease has run out" "Frist abgelaufen";
    FREE_SLOTS "{} of 256 slots belong to no process. Their deliveries wait." "{} von 256 Plätzen gehören keinem Prozess. Ihre Zustellungen warten.";
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
    STATICS_NOT_COMPARED "This process was started without static subscriptions, so it cannot compare them." "Dieser Prozess wurde ohne statische Abonnements gestartet und kann sie nicht vergleichen.";
    NO_STATICS "There are no static subscriptions." "Es gibt keine statischen Abonnements.";
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
    RETENTION_HERE "These are settings of the application, which this program does not know." "Das sind Einstellungen der Anwendung, die dieses Programm nicht kennt.";
    RETENTION "How long things are kept" "Wie lange etwas aufbewahrt wird";
    KEPT_MESSAGES "Messages and their deliveries" "Nachrichten und ihre Zustellungen";
    KEPT_PAYLOADS "Payloads" "Inhalte";
    KEPT_ATTEMPTS "Earlier attempts" "Frühere Versuche";
    KEPT_ANSWERS "Answers" "Antworten";
    KEPT_AUDIT "Activity" "Aktivität";
    DAY "1 day" "1 Tag";
    DAYS "{} days" "{} Tage";
    HOUR "1 hour" "1 Stunde";
    HOURS "{} hours" "{} Stunden";
    SECOND "1 second" "1 Sekunde";
    SECONDS "{} seconds" "{} Sekunden";
}
