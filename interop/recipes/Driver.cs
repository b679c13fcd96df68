using System;
using System.Collections.Generic;
using System.Text;

static class Driver
{
    static void Main()
    {
        var names = new[] { "webhook-id", "webhook-timestamp", "webhook-signature" };
        string line;
        while ((line = Console.In.ReadLine()) != null)
        {
            var fields = line.Split('\t');
            var headers = new Dictionary<string, string>();
            for (var index = 0; index < names.Length; index++)
            {
                if (fields[index + 1] != "-")
                {
                    headers[names[index]] = Encoding.UTF8.GetString(Decoded(fields[index + 1]));
                }
            }
            Console.WriteLine(Webhooks.Verify(Encoding.UTF8.GetString(Decoded(fields[0])), headers, Decoded(fields[4])));
        }
    }

    static byte[] Decoded(string field)
    {
        return field == "=" ? new byte[0] : Convert.FromBase64String(field);
    }
}
