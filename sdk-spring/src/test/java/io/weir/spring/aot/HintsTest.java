package io.weir.spring.aot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.proxies;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

import io.weir.reactive.PeerSession;
import io.weir.spring.WeirClient;
import io.weir.spring.WeirMessageHandler;
import io.weir.spring.WeirRequest;
import io.weir.spring.WeirRequestHandler;
import io.weir.spring.WeirStream;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.autoconfigure.WeirClientsAutoConfiguration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a native image would be told. That such an image works is not claimed. */
class HintsTest {

    record Order(String symbol, List<Line> lines) {}

    record Line(int count) {}

    record Price(long cents) {}

    record Quote(long number) {}

    record Reading(double value) {}

    @WeirClient("shop")
    interface Shop {
        @WeirRequest("price")
        Mono<Price> price(Order order);

        @WeirStream("quotes")
        Flux<Quote> quotes();
    }

    @Configuration(proxyBeanMethods = false)
    @AutoConfigurationPackage
    @ImportAutoConfiguration({
        JacksonAutoConfiguration.class,
        WeirAutoConfiguration.class,
        WeirClientsAutoConfiguration.class
    })
    static class Application {

        @WeirRequestHandler("price")
        Mono<Price> price(Order order, PeerSession session) {
            return Mono.empty();
        }

        @WeirMessageHandler("reading")
        void reading(Reading reading) {}
    }

    private final RuntimeHints hints = hints();

    private static RuntimeHints hints() {
        TestGenerationContext generation = new TestGenerationContext();
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.register(Application.class);
        new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        generation.writeGeneratedContent();
        return generation.getRuntimeHints();
    }

    @Test
    void methodsOfHandlersAreCalledAndTheirValuesBound() throws NoSuchMethodException {
        assertThat(reflection()
                        .onMethodInvocation(
                                Application.class.getDeclaredMethod("price", Order.class, PeerSession.class)))
                .accepts(hints);
        assertThat(reflection().onMethodInvocation(Application.class.getDeclaredMethod("reading", Reading.class)))
                .accepts(hints);
        for (Class<?> type : List.of(Order.class, Line.class, Price.class, Reading.class)) {
            assertThat(reflection().onType(type).withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                    .as(type.getSimpleName())
                    .accepts(hints);
        }
        assertThat(reflection().onType(PeerSession.class)).rejects(hints);
    }

    @Test
    void clientsAreProxiesWhoseValuesAreBound() throws NoSuchMethodException {
        assertThat(proxies().forInterfaces(Shop.class)).accepts(hints);
        assertThat(reflection().onMethodInvocation(Shop.class.getDeclaredMethod("quotes")))
                .accepts(hints);
        assertThat(reflection().onType(Quote.class).withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                .accepts(hints);
    }
}
