# Graphviz reads the graph of every example, and the JSON is JSON.
command -v dot >/dev/null || skip "dot (graphviz) is not installed"
for program in "$root"/examples/*.nrd; do
  naradac graph "$program" | dot -Tsvg >out.svg || echo "dot refuses $program"
done
echo "all drawn"
