package io.weir.spring.handler;

import io.weir.spring.WeirCodecs;
import io.weir.test.TestNodes;
import java.util.Map;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** Two nodes, {@code client} and {@code server}, of which the second answers by the methods of beans. */
final class Handled implements AutoCloseable {

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final TestNodes nodes;

    private Handled(Scheduler blocking, Class<?>... beans) {
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("route.of.test", "resolved")));
        context.register(beans);
        context.registerBean(
                DeclaredHandlers.class,
                () -> new DeclaredHandlers(
                        context.getBeanFactory(),
                        new WeirCodecs(() -> JsonMapper.builder().build()),
                        ApplicationConversionService.getSharedInstance(),
                        BlockingCalls.on(blocking)));
        context.refresh();
        nodes = TestNodes.spec()
                .node("client")
                .node("server", context.getBean(DeclaredHandlers.class)::declareOn)
                .start();
    }

    static Handled by(Class<?>... beans) {
        return new Handled(Schedulers.immediate(), beans);
    }

    static Handled on(Scheduler blocking, Class<?>... beans) {
        return new Handled(blocking, beans);
    }

    TestNodes nodes() {
        return nodes;
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        nodes.close();
        context.close();
    }
}
