package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"strings"
)

func main() {
	names := []string{"webhook-id", "webhook-timestamp", "webhook-signature"}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		headers := http.Header{}
		for index, name := range names {
			if field := fields[index+1]; field != "-" {
				headers.Set(name, string(decoded(field)))
			}
		}
		fmt.Println(Verify(string(decoded(fields[0])), headers, decoded(fields[4])))
	}
}

func decoded(field string) []byte {
	if field == "=" {
		return nil
	}
	bytes, err := base64.StdEncoding.DecodeString(field)
	if err != nil {
		panic(err)
	}
	return bytes
}
