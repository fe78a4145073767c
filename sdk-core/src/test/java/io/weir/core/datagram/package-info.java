@NullMarked
package io.weir.core.datagram;

import org.jspecify.annotations.NullMarked;
