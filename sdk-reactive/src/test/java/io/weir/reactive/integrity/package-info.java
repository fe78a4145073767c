@NullMarked
package io.weir.reactive.integrity;

import org.jspecify.annotations.NullMarked;
