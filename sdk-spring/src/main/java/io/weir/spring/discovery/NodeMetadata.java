package io.weir.spring.discovery;

import io.weir.core.peer.PeerAddress;
import io.weir.spring.node.ApplicationNode;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.discovery.event.InstancePreRegisteredEvent;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.context.ApplicationListener;

/** Puts into the application's registration where its node listens, and who that is, before the engine has it. */
public final class NodeMetadata implements ApplicationListener<InstancePreRegisteredEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(NodeMetadata.class);

    private final ApplicationNode node;

    /** Of that node. */
    public NodeMetadata(ApplicationNode node) {
        this.node = node;
    }

    @Override
    public void onApplicationEvent(InstancePreRegisteredEvent event) {
        Registration registration = event.getRegistration();
        listening(node).ifPresent(address -> {
            Map<String, String> metadata = InstanceAddress.metadata(address, node.id());
            if (!isAdded(metadata, registration.getMetadata())) {
                LOG.warn(
                        "{} takes no more metadata, so that nobody will find this node by it; set {} by the engine's own properties",
                        registration.getClass().getName(),
                        metadata);
            }
        });
    }

    private static boolean isAdded(Map<String, String> metadata, @Nullable Map<String, String> to) {
        if (to == null) {
            return false;
        }
        try {
            to.putAll(metadata);
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    /** Where that node can be dialled first; empty if it does not run, or only dials. */
    static Optional<PeerAddress> listening(ApplicationNode node) {
        return node.isRunning()
                ? node.addresses().stream()
                        .filter(address -> address.port() > 0)
                        .findFirst()
                : Optional.empty();
    }
}
