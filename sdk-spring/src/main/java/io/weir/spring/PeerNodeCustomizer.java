package io.weir.spring;

import io.weir.reactive.PeerNodeSpec;

/**
 * Changes the node of the application before it starts. All beans of this type are called, in their order
 * ({@link org.springframework.core.annotation.Order}), behind properties, annotated handlers and what Weir itself adds, so that the
 * last word is the application's.
 */
@FunctionalInterface
public interface PeerNodeCustomizer {

    /** The specification to go on with: the given one, or one made of it. Called at each start, once. */
    PeerNodeSpec customize(PeerNodeSpec spec);
}
