@NullMarked
package io.weir.test.network;

import org.jspecify.annotations.NullMarked;
