using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Objects.Containers;

/// <summary>Reads a consistent snapshot of a container in pages, with as many messages as needed.</summary>
internal static class ContainerPages
{
    /// <summary>A snapshot of a container.</summary>
    /// <param name="Version">The version of the container.</param>
    /// <param name="Parts">The encoded items; for a dictionary, alternating keys and values.</param>
    internal readonly record struct ContainerSnapshot(long Version, List<ReadOnlyMemory<byte>> Parts);

    /// <typeparam name="TPage">The request for a page.</typeparam>
    /// <param name="proxy">The container.</param>
    public static ContainerSnapshot ReadAll<TPage>(ObjectProxy proxy)
        where TPage : struct, IPageRequest<TPage>
    {
        var reading = new Reading<TPage>();
        while (!reading.IsDone)
            reading.AddPage(proxy.Call<TPage, PageReply>(reading.Next));
        return reading.ContainerSnapshot;
    }

    /// <inheritdoc cref="ReadAll"/>
    public static async Task<ContainerSnapshot> ReadAllAsync<TPage>(ObjectProxy proxy, CancellationToken cancellationToken)
        where TPage : struct, IPageRequest<TPage>
    {
        var reading = new Reading<TPage>();
        while (!reading.IsDone)
            reading.AddPage(await proxy.CallAsync<TPage, PageReply>(reading.Next, null, cancellationToken).ConfigureAwait(false));
        return reading.ContainerSnapshot;
    }

    private sealed class Reading<TPage>
        where TPage : struct, IPageRequest<TPage>
    {
        private readonly List<ReadOnlyMemory<byte>> _parts = [];
        private long _version;

        public bool IsDone { get; private set; }

        public TPage Next => TPage.FromStart(Start, _parts.Count == 0 ? null : _version);

        private int Start => _parts.Count / TPage.PartsEach;

        public ContainerSnapshot ContainerSnapshot => new(_version, _parts);

        /// <summary>Adds a page. A change of the container between two pages restarts the reading.</summary>
        public void AddPage(PageReply page)
        {
            if (page.Status == ObjectStatus.Conflict)
            {
                _parts.Clear();
                return;
            }

            _version = page.Version;
            _parts.AddRange(page.Parts);
            IsDone = Start >= page.Total;
        }
    }
}
