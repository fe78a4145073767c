package io.weir.spring.client;

import io.weir.reactive.PeerCalls;
import io.weir.spring.ApplicationStop;
import io.weir.spring.NamedPeers;
import io.weir.spring.WeirClient;
import io.weir.spring.WeirClients;
import io.weir.spring.WeirCodecs;
import io.weir.spring.WeirServices;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.convert.ConversionService;

/** Makes clients, by the JDK's proxies. */
public final class ClientProxies implements WeirClients {

    private final ClientMethods methods;
    private final NamedPeers peers;
    private final WeirServices services;
    private final ApplicationStop stop;
    private final ConfigurableBeanFactory beans;

    public ClientProxies(
            WeirCodecs codecs,
            ConversionService conversions,
            NamedPeers peers,
            WeirServices services,
            ApplicationStop stop,
            ConfigurableBeanFactory beans) {
        this.methods = new ClientMethods(codecs, conversions, this::resolved);
        this.peers = peers;
        this.services = services;
        this.stop = stop;
        this.beans = beans;
    }

    private String resolved(String text) {
        return Objects.requireNonNullElse(beans.resolveEmbeddedValue(text), "");
    }

    @Override
    public <T> T create(Class<T> type, PeerCalls peer) {
        Objects.requireNonNull(peer, "peer");
        Map<Method, ClientMethod> calls = methods.of(type);
        String name = type.getSimpleName() + " for " + peer;
        Object proxy = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
            Object[] arguments = given == null ? new Object[0] : given;
            ClientMethod call = calls.get(method);
            if (call != null) {
                return call.call(new Outgoing(peer), arguments, stop);
            }
            return switch (method.getName()) {
                case "equals" -> self == arguments[0];
                case "hashCode" -> System.identityHashCode(self);
                case "toString" -> name;
                default -> InvocationHandler.invokeDefault(self, method, arguments);
            };
        });
        return type.cast(proxy);
    }

    /** A client of an annotated interface, for the peer or the service that the annotation names. */
    <T> T create(Class<T> type) {
        WeirClient says = Objects.requireNonNull(AnnotatedElementUtils.findMergedAnnotation(type, WeirClient.class));
        String peer = resolved(says.value());
        String service = resolved(says.service());
        if (peer.isEmpty() == service.isEmpty()) {
            throw new InvalidClientException(
                    "the @WeirClient " + type.getName() + " names "
                            + (peer.isEmpty()
                                    ? "nobody"
                                    : "a peer, \"" + peer + "\", and a service, \"" + service + "\""),
                    "name a peer, @WeirClient(\"prices\"), or a service, @WeirClient(service = \"prices\")");
        }
        return create(type, peer.isEmpty() ? service(type, service) : peer(type, peer));
    }

    private PeerCalls service(Class<?> type, String name) {
        try {
            return services.calls(name);
        } catch (IllegalArgumentException e) {
            throw new InvalidClientException(
                    "the @WeirClient " + type.getName() + " is for the service \"" + name + "\", but " + e.getMessage(),
                    "add an engine of Spring Cloud, such as spring-cloud-starter-zookeeper-discovery, or declare a bean of"
                            + " type PeerDiscovery with that name");
        }
    }

    private PeerCalls peer(Class<?> type, String name) {
        if (beans.containsBean(name) && beans.isTypeMatch(name, PeerCalls.class)) {
            return beans.getBean(name, PeerCalls.class);
        }
        try {
            return peers.calls(name);
        } catch (IllegalArgumentException e) {
            throw new InvalidClientException(
                    "the @WeirClient " + type.getName() + " is for the peer \"" + name
                            + "\", which nobody has configured",
                    "set weir.peers." + name
                            + ".addresses, or declare a bean of type PeerCalls with that name; there are "
                            + peers.names());
        }
    }
}
