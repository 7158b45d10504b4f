namespace Actors.EndToEnd.Tests.Support;

/// <summary>A pool with a name and one worker, which several test classes share. Tests may end its worker.</summary>
[CollectionDefinition(Name)]
public sealed class ContextPool : IAsyncLifetime, ICollectionFixture<ContextPool>
{
    public const string Name = "context";

    public ProcessPool Pool { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => Pool = await ProcessPool.StartAsync(1, options: new PoolOptions { Name = Name });

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Pool.DisposeAsync();
}
