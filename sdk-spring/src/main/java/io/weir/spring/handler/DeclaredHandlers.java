package io.weir.spring.handler;

import io.weir.reactive.PeerNodeSpec;
import io.weir.spring.WeirCodecs;
import io.weir.spring.WeirStreamHandler;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.convert.ConversionService;

/** The annotated methods of all beans, found when the singletons are there. As many as the program has. */
public final class DeclaredHandlers implements SmartInitializingSingleton {

    private static final List<HandlerKind> KINDS = List.of(HandlerKind.values());

    private final ConfigurableListableBeanFactory beans;
    private final HandlerMethods methods;
    private final BlockingCalls blocking;
    private final Map<HandlerKind, Map<String, HandlerMethod>> found = new EnumMap<>(HandlerKind.class);

    /** @param blocking where methods are called that return no publisher */
    public DeclaredHandlers(
            ConfigurableListableBeanFactory beans,
            WeirCodecs codecs,
            ConversionService conversions,
            BlockingCalls blocking) {
        this.beans = beans;
        this.methods = new HandlerMethods(codecs, conversions);
        this.blocking = blocking;
        KINDS.forEach(kind -> found.put(kind, new LinkedHashMap<>()));
    }

    /** @throws IllegalStateException if a method can be no handler, or two are for the same */
    @Override
    public void afterSingletonsInstantiated() {
        for (String name : beans.getBeanNamesForType(Object.class, true, false)) {
            Class<?> type =
                    ScopedProxyUtils.isScopedTarget(name) ? null : AutoProxyUtils.determineTargetClass(beans, name);
            if (type != null) {
                KINDS.forEach(kind -> scan(kind, name, type));
            }
        }
    }

    /** The specification with all of them. */
    public PeerNodeSpec declareOn(PeerNodeSpec spec) {
        PeerNodeSpec with = spec;
        for (HandlerKind kind : KINDS) {
            for (Map.Entry<String, HandlerMethod> handler : of(kind).entrySet()) {
                with = declared(with, kind, handler.getKey(), handler.getValue());
            }
        }
        return with;
    }

    private PeerNodeSpec declared(PeerNodeSpec spec, HandlerKind kind, String name, HandlerMethod method) {
        boolean waitedFor = method.answer().isWaitedFor();
        return switch (kind) {
            case REQUEST ->
                spec.onRequest(
                        name, waitedFor ? blocking.requests().apply(method.forRequests()) : method.forRequests());
            case MESSAGE ->
                spec.onMessage(
                        name, waitedFor ? blocking.messages().apply(method.forMessages()) : method.forMessages());
            case STREAM -> spec.onStream(name, method.forStreams());
        };
    }

    private void scan(HandlerKind kind, String bean, Class<?> type) {
        if (!AnnotationUtils.isCandidateClass(type, kind.annotation())) {
            return;
        }
        MethodIntrospector.MetadataLookup<Annotation> annotated = kind::on;
        MethodIntrospector.selectMethods(type, annotated)
                .forEach((method, annotation) -> add(kind, bean, type, method, annotation));
    }

    private void add(HandlerKind kind, String beanName, Class<?> type, Method method, Annotation annotation) {
        Object bean = beans.getBean(beanName);
        String says = String.valueOf(AnnotationUtils.getValue(annotation));
        String name = Objects.requireNonNullElse(beans.resolveEmbeddedValue(says), "");
        boolean endless = annotation instanceof WeirStreamHandler stream && stream.endless();
        Method called = AopUtils.selectInvocableMethod(method, bean.getClass());
        HandlerMethod handler = methods.read(kind, name, bean, type, called, endless);
        HandlerMethod other = of(kind).putIfAbsent(name, handler);
        if (other != null) {
            throw new DuplicateHandlerException(kind, name, other.method(), method);
        }
    }

    private Map<String, HandlerMethod> of(HandlerKind kind) {
        return Objects.requireNonNull(found.get(kind));
    }

    /** Whether that class has handlers. */
    static boolean isHandler(Class<?> type) {
        return KINDS.stream().anyMatch(kind -> methods(kind, type).findAny().isPresent());
    }

    /** Its methods that handle. */
    static Stream<Method> methods(HandlerKind kind, Class<?> type) {
        MethodIntrospector.MetadataLookup<Annotation> annotated = kind::on;
        return MethodIntrospector.selectMethods(type, annotated).keySet().stream();
    }
}
