package io.weir.samples.boot;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Flux;

/** A Boot application with a node that publishes the numbers from 1 on, as far as its subscribers ask for them. */
@SpringBootApplication
public class BootSample {

    public static void main(String[] args) {
        SpringApplication.run(BootSample.class, args);
    }

    /** Ends with the application. */
    @Bean(destroyMethod = "dispose")
    PeerNode node() {
        return Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onStream("numbers", stream -> stream.send(numbers(), Codec.utf8()))
                .startNow(Duration.ofSeconds(10));
    }

    private static Flux<String> numbers() {
        return Flux.range(1, Integer.MAX_VALUE).map(String::valueOf);
    }
}
