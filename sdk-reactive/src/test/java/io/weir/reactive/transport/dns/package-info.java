@NullMarked
package io.weir.reactive.transport.dns;

import org.jspecify.annotations.NullMarked;
