@NullMarked
package io.weir.reactive.peers;

import org.jspecify.annotations.NullMarked;
