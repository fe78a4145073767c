#!/usr/bin/env bash
# Spring's server-sent events lose a leading space of each line: the writer puts no space behind 'data:', and whoever follows the
# specification takes one away.
#
# What happens: " two  spaces" is written by Spring's ServerSentEventHttpMessageWriter and read by Spring's own reader.
# Expected: what goes in comes out. The WHATWG HTML standard (9.2.6) has a reader drop one U+0020 behind the colon, so a writer
# puts one there.
# Seen (spring-web 7.0.8, JDK 17):
#
#   written: data: two  spaces
#   read: [two  spaces]
#
# JSON is safe, since a space in front means nothing there; plain text and its second and further lines are not.
#
# Ends with 0 while it is so, with 1 when the behaviour has changed. Needs a JDK 17 or newer and Maven; writes into a
# temporary folder only, and asks nobody anything.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.springframework</groupId><artifactId>spring-web</artifactId><version>7.0.8</version></dependency>
    <dependency><groupId>io.projectreactor</groupId><artifactId>reactor-core</artifactId><version>3.8.6</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat >Finding.java <<'JAVA'
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpInputMessage;
import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.http.codec.ServerSentEventHttpMessageReader;
import org.springframework.http.codec.ServerSentEventHttpMessageWriter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

public class Finding {
    private static final DefaultDataBufferFactory BUFFERS = new DefaultDataBufferFactory();

    public static void main(String[] args) {
        Output output = new Output();
        new ServerSentEventHttpMessageWriter()
                .write(
                        Flux.just(" two  spaces"),
                        ResolvableType.forClass(String.class),
                        MediaType.TEXT_EVENT_STREAM,
                        output,
                        Map.of())
                .block();
        System.out.println("written: " + output.text.toString().strip());
        Object read = new ServerSentEventHttpMessageReader()
                .read(ResolvableType.forClass(String.class), new Input(output.text.toString()), Map.of())
                .blockFirst();
        System.out.println("read: [" + read + "]");
    }

    private static final class Output implements ReactiveHttpOutputMessage {
        private final StringBuilder text = new StringBuilder();
        private final HttpHeaders headers = new HttpHeaders();

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public DefaultDataBufferFactory bufferFactory() {
            return BUFFERS;
        }

        @Override
        public void beforeCommit(Supplier<? extends Mono<Void>> action) {}

        @Override
        public boolean isCommitted() {
            return false;
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            return Flux.from(body).doOnNext(each -> text.append(each.toString(StandardCharsets.UTF_8))).then();
        }

        @Override
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return Flux.from(body).concatMap(this::writeWith).then();
        }

        @Override
        public Mono<Void> setComplete() {
            return Mono.empty();
        }
    }

    private record Input(String text) implements ReactiveHttpInputMessage {
        @Override
        public HttpHeaders getHeaders() {
            return new HttpHeaders();
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return Flux.just(BUFFERS.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
JAVA
seen=$(java -cp 'jars/*' Finding.java 2>/dev/null)
echo "$seen"
grep -qx 'written: data: two  spaces' <<<"$seen" && grep -qx 'read: \[two  spaces\]' <<<"$seen"
