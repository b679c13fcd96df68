
$names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
foreach (explode("\n", stream_get_contents(STDIN)) as $line) {
    $fields = array_map(fn ($field) => $field === '=' ? '' : base64_decode($field), explode("\t", $line));
    $headers = [];
    foreach ($names as $index => $name) {
        if (explode("\t", $line)[$index + 1] !== '-') {
            $headers[$name] = $fields[$index + 1];
        }
    }
    echo verify($fields[0], $headers, $fields[4]) ? "true\n" : "false\n";
}
