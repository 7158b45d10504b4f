using DotNetty.Buffers;
using DotNetty.Common.Utilities;
using DotNetty.Transport.Channels;

namespace Actors.Remoting.Transport;

/// <summary>
/// Stands first in the pipeline of a connection until its peer has proven itself, and closes it when more bytes come than any handshake has. Behind it the
/// framework's decoder would gather a frame of any announced length.
/// </summary>
/// <param name="limit">How many bytes may come.</param>
internal sealed class UnprovenBytesGuard(int limit) : ChannelHandlerAdapter
{
    private int _left = limit;

    /// <inheritdoc/>
    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        if (message is IByteBuffer buffer && (_left -= buffer.ReadableBytes) < 0)
        {
            ReferenceCountUtil.SafeRelease(message);
            context.CloseAsync();
            return;
        }

        context.FireChannelRead(message);
    }
}
