import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Scanner;

final class Driver {
    public static void main(String[] arguments) throws Exception {
        String[] names = {"webhook-id", "webhook-timestamp", "webhook-signature"};
        Scanner lines = new Scanner(System.in, UTF_8);
        while (lines.hasNextLine()) {
            String[] fields = lines.nextLine().split("\t");
            Map<String, String> headers = new HashMap<>();
            for (int index = 0; index < names.length; index++) {
                if (!fields[index + 1].equals("-")) {
                    headers.put(names[index], new String(decoded(fields[index + 1]), UTF_8));
                }
            }
            System.out.println(Webhooks.verify(new String(decoded(fields[0]), UTF_8), headers, decoded(fields[4])));
        }
    }

    private static byte[] decoded(String field) {
        return field.equals("=") ? new byte[0] : Base64.getDecoder().decode(field);
    }
}
