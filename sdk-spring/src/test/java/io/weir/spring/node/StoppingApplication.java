package io.weir.spring.node;

import io.weir.spring.ApplicationStop;
import io.weir.spring.WeirClient;
import io.weir.spring.WeirRequest;
import io.weir.spring.WeirStream;
import io.weir.spring.WeirStreamHandler;
import java.time.Duration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A web application in a process of its own, which {@link SigtermTest} tells to stop: {@code /endless} is of a peer and never ends,
 * {@code /slow} asks its peer only when the application has begun to stop. Prints its port, and what happens in which order.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class StoppingApplication {

    public static void main(String[] args) {
        SpringApplication.run(StoppingApplication.class, args);
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> ready() {
        return event -> System.out.println("PORT "
                + ((WebServerApplicationContext) event.getApplicationContext())
                        .getWebServer()
                        .getPort());
    }

    /** Of the peer, which is the test. */
    @WeirClient("test")
    interface Peer {
        @WeirStream(value = "endless", endless = true)
        Flux<String> endless();

        @WeirRequest("late")
        Mono<String> late(String text);
    }

    /** What browsers see, and the peer. */
    @RestController
    static class Endpoints {

        private final Peer peer;
        private final ApplicationStop stop;

        Endpoints(Peer peer, ApplicationStop stop) {
            this.peer = peer;
            this.stop = stop;
        }

        @GetMapping(path = "/endless", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        Flux<String> endless() {
            return peer.endless();
        }

        /** Tells its peer that it is in progress, and asks it again behind the begin of the stop. */
        @GetMapping("/slow")
        Mono<String> slow() {
            return peer.late("early")
                    .then(stop.begun())
                    .then(Mono.delay(Duration.ofMillis(300)))
                    .then(peer.late("slow"));
        }

        @WeirStreamHandler(value = "ticks", endless = true)
        Flux<Long> ticks() {
            return Flux.interval(Duration.ofMillis(10)).onBackpressureDrop();
        }
    }
}
