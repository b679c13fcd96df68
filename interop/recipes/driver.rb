
$stdin.read.split("\n").each do |line|
  fields = line.split("\t").map { |field| field == "-" ? nil : field.unpack1("m") }
  names = ["webhook-id", "webhook-timestamp", "webhook-signature"]
  headers = names.zip(fields[1..3]).to_h.compact
  puts verify(fields[0], headers, fields[4])
end
