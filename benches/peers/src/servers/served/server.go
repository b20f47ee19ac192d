// Go's net/http with its defaults. Ends when its standard input does.
package main

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
)

func main() {
	port, root := os.Args[1], os.Args[2]
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	hello := []byte("Hello, World!")
	filling := bytes.Repeat([]byte("x"), 64<<10)
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Write(hello)
	})
	http.HandleFunc("/pieces", func(w http.ResponseWriter, r *http.Request) {
		for _, piece := range []string{"the first\n", "the second\n", "the third\n"} {
			io.WriteString(w, piece)
			w.(http.Flusher).Flush()
		}
	})
	http.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < 100<<20/len(filling); i++ {
			w.Write(filling)
		}
	})
	http.HandleFunc("/upload", func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		io.WriteString(w, strconv.FormatInt(n, 10))
	})
	http.Handle("/static/", http.FileServer(http.Dir(root)))
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
