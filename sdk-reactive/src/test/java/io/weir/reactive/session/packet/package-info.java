@NullMarked
package io.weir.reactive.session.packet;

import org.jspecify.annotations.NullMarked;
