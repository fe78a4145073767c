package io.weir.spring.discovery;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;

/** Where the node of a service's instance is, as the metadata of that say; what its host and port are for HTTP is another thing. */
final class InstanceAddress {

    /** The port that the node listens at. */
    static final String PORT = "weir-port";

    /** Who it is; where that is missing, whoever answers is taken. */
    static final String PEER_ID = "weir-peer-id";

    /** The transport, where it is not TCP. */
    static final String SCHEME = "weir-scheme";

    private InstanceAddress() {}

    /**
     * The address of that instance's node.
     *
     * @param otherwise the port where it says none; 0: there is none
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static PeerAddress of(ServiceInstance instance, int otherwise) {
        Map<String, String> metadata = Objects.requireNonNullElse(instance.getMetadata(), Map.of());
        int port = port(metadata.get(PORT), otherwise);
        if (port == 0) {
            throw new IllegalArgumentException(
                    "it has no " + PORT + " in its metadata, and weir.discovery.port is not set");
        }
        String scheme = metadata.getOrDefault(SCHEME, PeerAddress.TCP);
        String id = metadata.get(PEER_ID);
        return new PeerAddress(scheme, instance.getHost(), port, id == null ? null : PeerId.parse(id));
    }

    private static int port(@Nullable String text, int otherwise) {
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(PORT + " is " + text + ", must be 1..65535", e);
        }
    }

    /** What an instance says of a node that listens there. */
    static Map<String, String> metadata(PeerAddress listening, PeerId id) {
        Map<String, String> said = Map.of(PORT, Integer.toString(listening.port()), PEER_ID, id.toString());
        if (listening.scheme().equals(PeerAddress.TCP)) {
            return said;
        }
        return Map.of(PORT, Integer.toString(listening.port()), PEER_ID, id.toString(), SCHEME, listening.scheme());
    }
}
