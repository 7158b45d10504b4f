using MemoryPack;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>A user's union. MemoryPack's generator takes none that is nested in another type.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(FirstCase))]
[MemoryPackUnion(1, typeof(SecondCase))]
internal partial interface IUnionSample;

[MemoryPackable]
internal sealed partial record FirstCase(string Name, IUnionSample? Inside) : IUnionSample;

[MemoryPackable]
internal sealed partial record SecondCase(int Number) : IUnionSample;
