//! What `--help` says.

pub(crate) const USAGE: &str = "\
usage: fetch [OPTION]... URL...

Writes what is at the URLs to the standard output, with the options of curl.

What is sent:
  -X, --request METHOD    use this method
  -G, --get               put the data into the query of the URL
  -I, --head              fetch the head alone
  -d, --data DATA         send DATA with POST; @FILE is what is in a file
                          without its line ends, @- the standard input;
                          several are joined with &
      --data-binary DATA  the same, but files are sent as they are
      --data-raw DATA     the same, but @ is a letter like others
      --data-urlencode DATA
                          the same, escaped: TEXT, NAME=TEXT or NAME@FILE
      --json DATA         send JSON, and ask for JSON
  -F, --form FIELD        send a form: name=text, name=@FILE for a file,
                          name=<FILE for the text in it; behind it may stand
                          ;type=TYPE and ;filename=NAME; the standard input, -,
                          is kept in memory
      --form-string FIELD send name=text, whatever the text begins with
  -T, --upload-file FILE  send a file with PUT, once for each URL, - for the
                          standard input; a URL that ends with / gets its name
      --url-query DATA    add to the query, as --data-urlencode does
  -H, --header LINE       send a field: 'Name: value', 'Name;' without a value;
                          'Name:' leaves one out, @FILE has one on each line;
                          with 'Transfer-Encoding: chunked' content is chunked
  -A, --user-agent NAME   send this name
  -e, --referer URL       send where the link was; with ;auto behind it each
                          redirect says where it comes from
  -r, --range RANGE       ask for a part, such as 0-499
      --compressed        ask for compressed content, and decode it

Where it goes:
  -o, --output FILE       write to a file, once for each URL
  -O, --remote-name       write to a file named like the one in the URL
  -J, --remote-header-name
                          with -O: take the name that the server proposes
      --output-dir DIR    put files into DIR, absolute names too
      --create-dirs       make the directories that are missing
  -R, --remote-time       make files as old as what they were made from
  -C, --continue-at N     go on at byte N; - is behind what is in the file
  -i, --include           write heads too
  -D, --dump-header FILE  write heads to a file
  -w, --write-out FORMAT  say afterwards: %{http_code}, %{time_total} and others
      --max-filesize N    take no more than N bytes; 1k, 1M, 1G
      --limit-rate N      take and send N bytes a second

Who is asked:
  -u, --user NAME:PASSWORD
                          log in; the first host alone is told the password,
                          which is not asked for: --netrc-file reads one
      --basic, --digest   how to log in; with Basic unless told otherwise
      --oauth2-bearer TOKEN
                          log in with a token
  -n, --netrc             take names and passwords from ~/.netrc
      --netrc-file FILE   or from another file
  -b, --cookie COOKIES    send 'name=value; name=value', or those in a file
  -c, --cookie-jar FILE   write all cookies to a file
  -j, --junk-session-cookies
                          with -b: those of earlier sessions are over
  -x, --proxy PROXY       go through a proxy: [http|socks5|socks5h://]HOST:PORT;
                          without, the environment decides (http_proxy)
  -U, --proxy-user NAME:PASSWORD
                          log in there
      --noproxy HOSTS     go to these directly; * is everyone
      --resolve HOST:PORT:ADDRESS
                          do not look up this host
  -4, --ipv4, -6, --ipv6  take these addresses of a host alone
      --interface ADDRESS connect from this address of the machine; the name of
                          an interface will not do
      --unix-socket PATH  connect to this socket
  -0, --http1.0, --http1.1
                          the version of the protocol

When it goes wrong:
  -L, --location          follow redirects
      --max-redirs N      no more than N (50); -1 is any number
      --post301, --post302, --post303
                          do not turn POST into GET there
  -m, --max-time N        give up after so many seconds; 0 is never;
                          with --retry that is the time of each attempt
      --connect-timeout N the same for connecting (300)
      --expect100-timeout N
                          the same for being told to send content (1)
      --retry N           try again when a host is not known, time is up, or the
                          server is in trouble; with -C - also when content
                          breaks off
      --retry-delay N     wait so many seconds each time, not 1, 2, 4 and so on
      --retry-max-time N  do not begin again after so many seconds; 0 is no limit
      --retry-connrefused try again when nobody takes the connection
      --retry-all-errors  try again after whatever has failed, a connection that
                          is lost and content that breaks off included
  -f, --fail              fail on a status of 400 or more
      --fail-with-body    the same, but write the content
      --fail-early        do not go on with the next URL
  -v, --verbose           show connections and heads, without passwords and
                          the values of cookies
  -s, --silent            do not say what went wrong, nor how far it has come
  -S, --show-error        say what went wrong in spite of -s
  -#, --progress-bar      what is done anyway, on a terminal
      --no-progress-meter do not say how far it has come
  -k, --insecure          nothing: there is no TLS here

  -h, --help              print this text
  -V, --version           print the version
";

pub(crate) const VERSION: &str = concat!("fetch ", env!("CARGO_PKG_VERSION"), "\n");
