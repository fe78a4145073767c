/** The node of the application, its life within the container's, and the peers that it is configured with. */
@NullMarked
package io.weir.spring.node;

import org.jspecify.annotations.NullMarked;
