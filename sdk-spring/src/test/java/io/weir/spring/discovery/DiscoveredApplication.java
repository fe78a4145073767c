package io.weir.spring.discovery;

import io.weir.reactive.PeerNode;
import io.weir.spring.WeirClient;
import io.weir.spring.WeirRequest;
import io.weir.spring.WeirRequestHandler;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Mono;

/**
 * An application without a web server whose node is one of the service {@code nodes}, to which all applications of this kind belong. Says
 * who it is, and asks the others. Prints its port when it has started.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class DiscoveredApplication {

    public static void main(String[] args) {
        SpringApplication.run(DiscoveredApplication.class, args);
    }

    /** The others: this node is named too. */
    @WeirClient(service = "nodes")
    public interface Nodes {
        @WeirRequest("who")
        Mono<String> who();
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> ready(PeerNode node) {
        return event -> System.out.println("PORT " + node.port());
    }

    @Bean
    Answers answers(PeerNode node, Nodes nodes) {
        return new Answers(node, nodes);
    }

    record Answers(PeerNode node, Nodes nodes) {

        @WeirRequestHandler("who")
        Mono<String> who() {
            return Mono.just(node.id().toString());
        }

        /** Whom this node finds. */
        @WeirRequestHandler("found")
        Mono<String> found() {
            return nodes.who();
        }
    }
}
