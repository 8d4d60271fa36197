# GETs by curl; prints status and body of each, a line of JSON.
for url; do
  answer=$(curl -sS -w ' %{http_code}' "$url") || exit
  echo "[${answer##* },${answer% *}]"
done
