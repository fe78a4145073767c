#!/usr/bin/env bash
# The progressbar library writes cursor movements and colours also where its output is a file.
#
# What happens: a bar of four steps is shown with the default builder; the program's output is redirected into a file.
# Expected: without a terminal, plain lines or nothing: no escape sequence.
# Seen (me.tongfei:progressbar 0.10.2, JDK 17): the lines in the file hold U+001B, '[' and a code, and carriage returns:
#
#   escape sequences in the file: yes
#
# A program that draws for people only asks whether there is a terminal (System.console, on JDK 22 and later also isTerminal)
# before it makes a bar.
#
# Ends with 0 while it is so, with 1 when the behaviour has changed. Needs a JDK 17 or newer and Maven; writes into a
# temporary folder only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>me.tongfei</groupId><artifactId>progressbar</artifactId><version>0.10.2</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat >Finding.java <<'JAVA'
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

public class Finding {
    public static void main(String[] args) {
        try (ProgressBar bar = new ProgressBarBuilder().setTaskName("work").setInitialMax(4).build()) {
            for (int i = 0; i < 4; i++) {
                bar.step();
            }
        }
    }
}
JAVA
TERM=xterm java -cp 'jars/*' Finding.java >out.txt 2>&1 </dev/null
cat -v out.txt
if grep -q $'\x1b\[' out.txt; then seen=yes; else seen=no; fi
echo "escape sequences in the file: $seen"
[ "$seen" = yes ]
