using MemoryPack;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>A union of user code. MemoryPack's generator does not support unions that are nested in another type.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(FirstCase))]
[MemoryPackUnion(1, typeof(SecondCase))]
internal partial interface IUnionSample;

[MemoryPackable]
internal sealed partial record FirstCase(string Name, IUnionSample? Inside) : IUnionSample;

[MemoryPackable]
internal sealed partial record SecondCase(int Number) : IUnionSample;
