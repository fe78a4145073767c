@NullMarked
package io.weir.reactive.transport.netty;

import org.jspecify.annotations.NullMarked;
